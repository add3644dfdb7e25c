"""What is said of a data set and of one release of it: the one model from which every metadata file is made."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from eventcode.errors import ReleaseError

_DOI = "https://doi.org/"


class About(BaseModel):
    """What is said of every release: `dataset/about.toml`.

    Attributes:
        name: Short name, of which files and keys are made.
        title: Title, as it is cited.
        description: What the data set holds, in a sentence or two.
        creator: Who made it: a person, or a group.
        licence: SPDX identifier of the licence.
        licence_url: Where the licence is written.
        keywords: Words by which it is found.
        doi: Its DOI, without the resolver's address; empty until there is one.
        homepage: Where people read about it.
        publisher: Who publishes it; the creator where not given.
        contact: Name of whom to ask; the creator where not given.
        contact_email: Their address; some repositories take no deposit without one.
        orcid: ORCID of the creator, where the creator is a person.
        ror: ROR of the creator, where the creator is an organisation.
        subject: Subjects, in the words of Dataverse's list.
        spatial: Names of the regions it covers; the countries of its events where not given.
        funding: Names of the funders.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")
    title: str = Field(min_length=1)
    description: str
    creator: str = Field(min_length=1)
    licence: str = Field(min_length=1)
    licence_url: str
    keywords: list[str]
    doi: str = Field("", pattern=r"^(?:10\.[0-9]{4,9}(?:\.[0-9]+)*/[^\s{}]+)?$")
    homepage: str = Field("", pattern=r"^(?:https?://[^\s{}]+)?$")
    publisher: str = ""
    contact: str = ""
    contact_email: str = Field("", pattern=r"^(?:[^@\s]+@[^@\s]+)?$")
    orcid: str = Field("", pattern=r"^(?:[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X])?$")
    ror: str = Field("", pattern=r"^(?:0[a-z0-9]{8})?$")
    subject: list[str] = []
    spatial: list[str] = []
    funding: list[str] = []

    @property
    def published_by(self) -> str:
        """The publisher, or the creator."""
        return self.publisher or self.creator

    @property
    def doi_url(self) -> str:
        """The DOI as a link; empty where there is none."""
        return f"{_DOI}{self.doi}" if self.doi else ""

    @property
    def creator_url(self) -> str:
        """Link to the creator's ORCID or ROR; empty where neither is known."""
        return f"https://orcid.org/{self.orcid}" if self.orcid else f"https://ror.org/{self.ror}" if self.ror else ""

    @classmethod
    def read(cls, dataset: Path) -> About:
        """Read it from the folder of the releases.

        Raises:
            ReleaseError: There is no about.toml, it is not TOML, or it lacks something.
        """
        file = dataset / "about.toml"
        if not file.is_file():
            raise ReleaseError(
                "there is no about.toml", where=str(dataset), expected="a file with title, creator and licence of the data set"
            )
        try:
            return cls(**tomllib.loads(file.read_text(encoding="utf-8")))
        except ValidationError as error:
            faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
            must = ", ".join(name for name, field in cls.model_fields.items() if field.is_required())
            may = ", ".join(name for name, field in cls.model_fields.items() if not field.is_required())
            raise ReleaseError(faults, where=str(file), expected=f"{must}, and no more than {may}") from error
        except ValueError as error:
            raise ReleaseError(f"the file is not TOML ({error})", where=str(file), expected="TOML in UTF-8") from error


class Extent(BaseModel):
    """What a release reaches over.

    Attributes:
        first: First day of its events, as ISO 8601 has it; empty where not known.
        last: Last day of its events.
        countries: Codes of the countries where they took place, in order.
        rows: Number of rows of each table.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    first: str = ""
    last: str = ""
    countries: tuple[str, ...] = ()
    rows: dict[str, int] = {}

    @property
    def period(self) -> str:
        """First and last day as one ISO 8601 interval; empty where not known."""
        return f"{self.first}/{self.last}" if self.first and self.last else ""

    @classmethod
    def of(cls, dates: Iterable[date | None], countries: Iterable[str | None], rows: Mapping[str, int]) -> Extent:
        """The extent of events with these days and countries; missing ones are left out.

        >>> Extent.of([date(2020, 10, 9), None, date(2020, 9, 27)], ["AZE", None], {"events": 2}).period
        '2020-09-27/2020-10-09'
        """
        days = {day.isoformat() for day in dates if day}
        return cls(
            first=min(days, default=""),
            last=max(days, default=""),
            countries=tuple(sorted({code for code in countries if code})),
            rows=dict(rows),
        )


class Release(About):
    """What is said of one release.

    Attributes:
        version: Its version.
        date: Day of publication, given by who builds it, never taken from the clock.
        extent: What it reaches over; None where nobody has counted.
    """

    version: str
    date: str
    extent: Extent | None = None

    @classmethod
    def read_release(cls, folder: Path) -> Release:
        """Read it back from a release's datapackage.json.

        Raises:
            ReleaseError: The file is damaged.
        """
        file = folder / "datapackage.json"
        try:
            return cls(**_said(json.loads(file.read_text(encoding="utf-8"))))
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            raise ReleaseError(
                f"the file cannot be read ({type(error).__name__}: {error})", where=str(file), expected="a release, whole"
            ) from error


def _said(package: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a release in its data package; those that older releases do not have stay empty."""
    of_role = {role: person for person in package["contributors"] for role in person.get("roles", [])}
    creator = package["contributors"][0]
    link = creator.get("path", "")
    return {
        "name": package["name"],
        "title": package["title"],
        "description": package["description"],
        "creator": creator["title"],
        "licence": package["licenses"][0]["name"],
        "licence_url": package["licenses"][0]["path"],
        "keywords": package["keywords"],
        "doi": package.get("id", "").removeprefix(_DOI),
        "homepage": package.get("homepage", ""),
        "publisher": of_role.get("publisher", {}).get("title", ""),
        "contact": of_role.get("contact", {}).get("title", ""),
        "contact_email": of_role.get("contact", {}).get("email", ""),
        "orcid": link.removeprefix("https://orcid.org/") if link.startswith("https://orcid.org/") else "",
        "ror": link.removeprefix("https://ror.org/") if link.startswith("https://ror.org/") else "",
        "subject": package.get("subject", []),
        "spatial": package.get("spatial", []),
        "funding": [person["title"] for person in package["contributors"] if "funder" in person.get("roles", [])],
        "version": package["version"],
        "date": package["created"][:10],
        "extent": package.get("extent"),
    }
