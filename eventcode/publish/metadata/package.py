"""datapackage.json: the Data Package (v2) of a release, from which everything that is said of it is read back."""

from __future__ import annotations

from typing import Any

from eventcode.contract.describe import table_schema
from eventcode.publish.metadata.about import Release
from eventcode.publish.metadata.described import PARQUET, Described, dump, given
from eventcode.resources import VERSION


def _contributors(release: Release) -> list[dict[str, Any]]:
    """The creator first, then those who are named for another part."""
    found = [given({"title": release.creator, "path": release.creator_url, "roles": ["creator"]})]
    if release.publisher:
        found.append({"title": release.publisher, "roles": ["publisher"]})
    if release.contact or release.contact_email:
        found.append(given({"title": release.contact, "email": release.contact_email, "roles": ["contact"]}))
    return found + [{"title": name, "roles": ["funder"]} for name in release.funding]


def datapackage(described: Described) -> str:
    """The Data Package (v2) descriptor."""
    release = described.release
    resources = [
        {
            "name": name,
            "path": f"{name}.parquet",
            "format": "parquet",
            "mediatype": PARQUET,
            "title": (model.__doc__ or "").strip(),
            **described.files[name],
            "schema": table_schema(model),
        }
        for name, model in described.contracts.items()
    ]
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": release.name,
        **given({"id": release.doi_url}),
        "title": release.title,
        "description": release.description,
        **given({"homepage": release.homepage}),
        "version": release.version,
        "created": f"{release.date}T00:00:00Z",
        "keywords": release.keywords,
        **given({"subject": release.subject, "spatial": release.spatial}),
        **given({"extent": release.extent and release.extent.model_dump(mode="json")}),
        "licenses": [{"name": release.licence, "path": release.licence_url}],
        "contributors": _contributors(release),
        "sources": list(described.sources),
        "builtWith": f"eventcode {VERSION}",
        "resources": resources,
    }
    return dump(package)
