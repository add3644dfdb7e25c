"""schema-org.jsonld: the release as search engines for data sets read it."""

from __future__ import annotations

from typing import Any

from eventcode.model.column import Column, columns
from eventcode.publish.metadata.about import Release
from eventcode.publish.metadata.described import PARQUET, Described, dump, given, title


def agent(release: Release) -> dict[str, Any]:
    """The creator as schema.org has persons and organisations."""
    return given(
        {"@type": "Person" if release.orcid else "Organization", "@id": release.creator_url, "name": release.creator, "url": release.creator_url}
    )  # fmt: skip


def _variable(column: Column) -> dict[str, Any]:
    return given(
        {
            "@type": "PropertyValue",
            "name": column.name,
            "description": column.description,
            "unitText": "" if column.unit == "1" else column.unit,
            "minValue": column.minimum if column.kind in {"integer", "number"} else None,
            "maxValue": column.maximum if column.kind in {"integer", "number"} else None,
        }
    )


def schema_org(described: Described) -> str:
    """The release as a schema.org Dataset; its variables are the columns of its first table."""
    release = described.release
    first = next(iter(described.contracts.values()))
    dataset = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        **given({"@id": release.doi_url, "identifier": release.doi_url}),
        "name": release.title,
        "alternateName": release.name,
        "description": release.description,
        **given({"url": release.homepage}),
        "version": release.version,
        "datePublished": release.date,
        "inLanguage": "en",
        "isAccessibleForFree": True,
        "license": release.licence_url,
        "keywords": release.keywords,
        "creator": agent(release),
        "publisher": {"@type": "Organization", "name": release.published_by},
        **given({"temporalCoverage": described.period}),
        **given({"spatialCoverage": [{"@type": "Place", "name": place} for place in described.places]}),
        **given({"funder": [{"@type": "Organization", "name": name} for name in release.funding]}),
        "variableMeasured": [_variable(column) for column in columns(first)],
        "distribution": [
            {
                "@type": "DataDownload",
                "name": f"{table}.parquet",
                "description": title(model),
                "contentUrl": f"{table}.parquet",
                "encodingFormat": PARQUET,
                "contentSize": f"{described.files[table]['bytes']} B",
                "sha256": described.sha256(table),
            }
            for table, model in described.contracts.items()
        ],
    }
    return dump(dataset)
