"""croissant.json: the release for machine learning libraries (Croissant 1.0, which readers of 1.1 read too)."""

from __future__ import annotations

from typing import Any

from eventcode.model.column import Column, columns
from eventcode.publish.metadata.described import Described, dump, given, title

_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_TYPES = {"text": "sc:Text", "date": "sc:Date", "integer": "cr:Int64", "number": "cr:Float64"}
_PARQUET = "application/x-parquet"
"""The name by which Croissant's readers know Parquet; they refuse the registered one."""


def _field(table: str, column: Column) -> dict[str, Any]:
    missing = f" Missing: {column.missing}." if column.missing else ""
    return {
        "@type": "cr:Field",
        "@id": f"{table}/{column.name}",
        "name": column.name,
        "description": f"{column.description}{missing}",
        "dataType": _TYPES[column.kind],
        "source": {"fileObject": {"@id": f"{table}.parquet"}, "extract": {"column": column.name}},
    }


def _file(described: Described, table: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": f"{table}.parquet",
        "name": f"{table}.parquet",
        "description": title(described.contracts[table]),
        "contentUrl": f"{table}.parquet",
        "contentSize": f"{described.files[table]['bytes']} B",
        "encodingFormat": _PARQUET,
        "sha256": described.sha256(table),
    }


def croissant(described: Described, cited: str) -> str:
    """The Croissant description, with one record set a table and one field a column.

    Args:
        described: The release and its tables.
        cited: Its citation as BibTeX.
    """
    release = described.release
    dataset = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": release.name,
        "alternateName": release.title,
        "description": release.description,
        "citeAs": cited,
        "license": release.licence_url,
        **given({"url": release.homepage or release.doi_url, "sameAs": release.doi_url}),
        "version": release.version,
        "datePublished": release.date,
        "isLiveDataset": False,
        "keywords": release.keywords,
        "creator": given({"@type": "Person" if release.orcid else "Organization", "name": release.creator, "url": release.creator_url}),
        "publisher": {"@type": "Organization", "name": release.published_by},
        "distribution": [_file(described, table) for table in described.contracts],
        "recordSet": [
            {
                "@type": "cr:RecordSet",
                "@id": table,
                "name": table,
                "description": title(model),
                "key": [{"@id": f"{table}/{name}"} for name in model.key],
                "field": [_field(table, column) for column in columns(model)],
            }
            for table, model in described.contracts.items()
        ],
    }
    return dump(dataset)
