"""What is said of a release, from one model: the data package, the citation file, the notes."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from eventcode.contract.describe import table_schema
from eventcode.errors import ReleaseError
from eventcode.model.tables import RELEASE, Change
from eventcode.resources import VERSION


class About(BaseModel):
    """What is said of every release: `dataset/about.toml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    description: str
    creator: str
    licence: str
    licence_url: str
    keywords: list[str]

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
            raise ReleaseError(faults, where=str(file), expected=f"{', '.join(cls.model_fields)}, and no more") from error
        except ValueError as error:
            raise ReleaseError(f"the file is not TOML ({error})", where=str(file), expected="TOML in UTF-8") from error


class Release(About):
    """What is said of one release."""

    version: str
    date: str
    """Day of publication, given by who builds it, never taken from the clock."""

    @classmethod
    def read_release(cls, folder: Path) -> Release:
        """Read it back from a release's datapackage.json.

        Raises:
            ReleaseError: The file is damaged.
        """
        file = folder / "datapackage.json"
        try:
            package = json.loads(file.read_text(encoding="utf-8"))
            return cls(
                name=package["name"],
                title=package["title"],
                description=package["description"],
                creator=package["contributors"][0]["title"],
                licence=package["licenses"][0]["name"],
                licence_url=package["licenses"][0]["path"],
                keywords=package["keywords"],
                version=package["version"],
                date=package["created"][:10],
            )
        except (LookupError, TypeError, ValueError) as error:
            raise ReleaseError(
                f"the file cannot be read ({type(error).__name__}: {error})", where=str(file), expected="a release, whole"
            ) from error


def datapackage(release: Release, files: Mapping[str, Mapping[str, Any]], sources: Sequence[Mapping[str, str]]) -> str:
    """The Data Package (v2) descriptor.

    Args:
        release: What is said of the release.
        files: For each table its number of rows, checksum and bytes.
        sources: Contributions and articles that it was built from, with checksums.
    """
    resources = [
        {
            "name": model.table,
            "path": f"{model.table}.parquet",
            "format": "parquet",
            "mediatype": "application/vnd.apache.parquet",
            "title": (model.__doc__ or "").strip(),
            **files[model.table],
            "schema": table_schema(model),
        }
        for model in RELEASE
    ]
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": release.name,
        "title": release.title,
        "description": release.description,
        "version": release.version,
        "created": f"{release.date}T00:00:00Z",
        "keywords": release.keywords,
        "licenses": [{"name": release.licence, "path": release.licence_url}],
        "contributors": [{"title": release.creator, "roles": ["creator"]}],
        "sources": list(sources),
        "builtWith": f"eventcode {VERSION}",
        "resources": resources,
    }
    return json.dumps(package, indent=1, ensure_ascii=False) + "\n"


def citation_cff(release: Release) -> str:
    """The release as a Citation File Format (1.2) text."""
    cff = {
        "cff-version": "1.2.0",
        "message": "If you use this dataset, please cite it as below.",
        "type": "dataset",
        "title": release.title,
        "abstract": release.description,
        "authors": [{"name": release.creator}],
        "version": release.version,
        "date-released": release.date,
        "license": release.licence,
        "keywords": release.keywords,
    }
    return yaml.safe_dump(cff, sort_keys=False, allow_unicode=True, width=1000)


def changes_md(release: Release, changes: Sequence[Change]) -> str:
    """The changes in words: how many events of each kind of change, and why."""
    counts = Counter((change.change, change.reason) for change in changes)
    lines = [f"- {number} {what} ({reason})" for (what, reason), number in sorted(counts.items())]
    return "\n".join(
        [f"# Changes in {release.version}", "", *(lines or ["No event changed."]), "", "Event by event: `changes.parquet`.", ""]
    )
