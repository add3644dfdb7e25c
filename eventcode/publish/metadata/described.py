"""A release with its tables, as the makers of the metadata files take it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eventcode.codebook import actors
from eventcode.model.column import Table
from eventcode.publish.metadata.about import Release

PARQUET = "application/vnd.apache.parquet"
"""The media type of Parquet, as registered."""


@dataclass(frozen=True, slots=True)
class Described:
    """A release and all that its metadata say of it.

    Attributes:
        release: What is said of the release.
        files: For each table its number of rows, its bytes, and the checksums of file and content.
        sources: Contributions and articles that it was built from, with checksums.
        contracts: The declaration of each table, by its name, in the order in which they are listed.
    """

    release: Release
    files: Mapping[str, Mapping[str, Any]]
    sources: Sequence[Mapping[str, str]]
    contracts: Mapping[str, type[Table]]

    @property
    def places(self) -> list[str]:
        """Names of the regions that the release covers, else of the countries of its events."""
        if self.release.spatial or self.release.extent is None:
            return list(self.release.spatial)
        return [actors.name(code) for code in self.release.extent.countries]

    @property
    def period(self) -> str:
        """First and last day of the events as one ISO 8601 interval; empty where not known."""
        return self.release.extent.period if self.release.extent else ""

    def sha256(self, table: str) -> str:
        """Checksum of a table's file, as bare hexadecimal text."""
        return str(self.files[table]["hash"]).removeprefix("sha256:")


def title(model: type[Table]) -> str:
    """What one row of a table is, in a sentence."""
    return (model.__doc__ or "").strip().splitlines()[0]


def given(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that have something to say, in their order.

    >>> given({"title": "Events", "doi": "", "rows": 0, "funding": []})
    {'title': 'Events', 'rows': 0}
    """
    return {name: value for name, value in fields.items() if value not in ("", None, [], {})}


def dump(value: object) -> str:
    """JSON text with one entry a line."""
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"
