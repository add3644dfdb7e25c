"""ro-crate-metadata.json: the release as a research object (RO-Crate 1.1)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from eventcode.publish.metadata.described import PARQUET, Described, dump, given, title

NAME = "ro-crate-metadata.json"
_MEDIA = {
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".xml": "application/xml",
    ".cff": "text/yaml",
}
_ABOUT = {
    "datapackage.json": "The tables and their columns, as a Data Package.",
    "croissant.json": "The tables and their columns, for machine learning libraries.",
    "datacite.json": "What DataCite takes to mint a DOI.",
    "CITATION.cff": "How to cite the release.",
    "schema-org.jsonld": "The release as search engines read it.",
    "ddi-codebook.xml": "The tables and their columns, as data archives describe them.",
    "dataverse.json": "What Dataverse takes to deposit the release.",
    "zenodo.json": "What Zenodo takes to deposit the release.",
}


def _table(described: Described, table: str) -> dict[str, Any]:
    return {
        "@id": f"{table}.parquet",
        "@type": "File",
        "name": table,
        "description": title(described.contracts[table]),
        "encodingFormat": PARQUET,
        "contentSize": str(described.files[table]["bytes"]),
        "sha256": described.sha256(table),
    }


def _text(name: str, text: str) -> dict[str, Any]:
    raw = text.encode()
    return {
        "@id": name,
        "@type": "File",
        "name": name,
        "description": _ABOUT[name],
        "encodingFormat": _MEDIA[name[name.rindex(".") :]],
        "contentSize": str(len(raw)),
        "sha256": hashlib.sha256(raw).hexdigest(),
    }


def ro_crate(described: Described, texts: Mapping[str, str]) -> str:
    """The crate's metadata file, which names the tables and the other metadata files.

    Args:
        described: The release and its tables.
        texts: The other metadata files.
    """
    release = described.release
    creator = release.creator_url or "#creator"
    publisher = "#publisher" if release.published_by != release.creator else creator
    places = [f"#place-{number}" for number in range(1, len(described.places) + 1)]
    home = given({"url": release.homepage})
    files = [*(_table(described, table) for table in described.contracts), *(_text(name, text) for name, text in texts.items())]
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": release.title,
        "description": release.description,
        "datePublished": release.date,
        "version": release.version,
        **given({"identifier": release.doi_url, "url": release.homepage}),
        "keywords": ", ".join(release.keywords),
        "license": {"@id": release.licence_url},
        "author": {"@id": creator},
        "publisher": {"@id": publisher},
        **given({"temporalCoverage": described.period, "spatialCoverage": [{"@id": place} for place in places]}),
        "hasPart": [{"@id": file["@id"]} for file in files],
    }
    descriptor = {
        "@id": NAME,
        "@type": "CreativeWork",
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        "about": {"@id": "./"},
    }
    graph = [
        descriptor,
        root,
        {"@id": release.licence_url, "@type": "CreativeWork", "name": release.licence, "description": f"The licence {release.licence}."},
        {"@id": creator, "@type": "Person" if release.orcid else "Organization", "name": release.creator, **home},
        *([{"@id": publisher, "@type": "Organization", "name": release.publisher, **home}] if publisher == "#publisher" else []),
        *({"@id": key, "@type": "Place", "name": name} for key, name in zip(places, described.places, strict=True)),
        *files,
    ]
    return dump({"@context": ["https://w3id.org/ro/crate/1.1/context", {"sha256": "https://schema.org/sha256"}], "@graph": graph})
