"""dataverse.json and zenodo.json: what the two repositories take when a data set is deposited."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from eventcode.publish.metadata.described import Described, dump, given
from eventcode.resources import VERSION

_CREATIVE_COMMONS = re.compile(r"CC-(?P<kind>[A-Z-]+)-(?P<version>[0-9.]+)")


def _one(name: str, value: str, kind: str = "primitive") -> dict[str, Any]:
    return {"typeName": name, "multiple": False, "typeClass": kind, "value": value}


def _many(name: str, values: list[Any], kind: str) -> dict[str, Any]:
    return {"typeName": name, "multiple": True, "typeClass": kind, "value": values}


def _compound(name: str, *values: dict[str, str]) -> dict[str, Any]:
    """A field of fields, in Dataverse's long hand; parts without a value are left out."""
    found = [{part: _one(part, text) for part, text in given(value).items()} for value in values]
    return _many(name, [value for value in found if value], "compound")


def _author(described: Described) -> dict[str, Any]:
    release = described.release
    author: dict[str, Any] = {"authorName": _one("authorName", release.creator)}
    if release.creator_url:
        author["authorIdentifierScheme"] = _one("authorIdentifierScheme", "ORCID" if release.orcid else "ROR", "controlledVocabulary")
        author["authorIdentifier"] = _one("authorIdentifier", release.creator_url)
    return _many("author", [author], "compound")


def licence_name(spdx: str) -> str:
    """The name that Dataverse has for a licence.

    >>> licence_name("CC-BY-4.0"), licence_name("CC-BY-NC-SA-4.0"), licence_name("CC0-1.0"), licence_name("ODbL-1.0")
    ('CC BY 4.0', 'CC BY-NC-SA 4.0', 'CC0 1.0', 'ODbL-1.0')
    """
    if found := _CREATIVE_COMMONS.fullmatch(spdx):
        return f"CC {found['kind']} {found['version']}"
    return spdx.replace("CC0-", "CC0 ")


def _contents(described: Described) -> str:
    return "; ".join(
        f"{table}: {described.files[table]['rows']} rows, SHA-256 of the content {described.files[table]['contentSha256']}"
        for table in described.contracts
    )


def dataverse(described: Described) -> str:
    """The data set as Dataverse's native API takes it.

    Dataverse takes none without an address to write to: `contact_email` in about.toml.
    """
    release, extent = described.release, described.release.extent
    period = {"timePeriodCoveredStart": extent.first, "timePeriodCoveredEnd": extent.last} if extent else {}
    fields = [
        _one("title", release.title),
        _author(described),
        _compound(
            "datasetContact", {"datasetContactName": release.contact or release.creator, "datasetContactEmail": release.contact_email}
        ),
        _compound("dsDescription", {"dsDescriptionValue": release.description, "dsDescriptionDate": release.date}),
        _many("subject", release.subject or ["Other"], "controlledVocabulary"),
        _compound("keyword", *({"keywordValue": word} for word in release.keywords)),
        _one("notesText", f"Version {release.version}. {_contents(described)}."),
        _compound("producer", {"producerName": release.creator}),
        _one("productionDate", release.date),
        _compound("grantNumber", *({"grantNumberAgency": name} for name in release.funding)),
        _compound("timePeriodCovered", period),
        _many("kindOfData", ["event data"], "primitive"),
        _compound("software", {"softwareName": "eventcode", "softwareVersion": VERSION}),
    ]
    version = {
        "license": {"name": licence_name(release.licence), "uri": release.licence_url},
        "metadataBlocks": {"citation": {"displayName": "Citation Metadata", "fields": [field for field in fields if field["value"]]}},
    }
    return dump({"datasetVersion": version})


def zenodo(described: Described) -> str:
    """The deposition as Zenodo's API takes it; its description is HTML."""
    release = described.release
    creator = given({"name": release.creator, "orcid": release.orcid})
    related = {"identifier": release.homepage, "relation": "isDocumentedBy", "scheme": "url"}
    metadata = {
        "title": release.title,
        "upload_type": "dataset",
        "description": f"<p>{escape(release.description, quote=False)}</p>",
        "creators": [creator],
        "version": release.version,
        "publication_date": release.date,
        "access_right": "open",
        "license": release.licence.lower(),
        "keywords": release.keywords,
        "language": "eng",
        "notes": f"{_contents(described)}.",
        **given({"doi": release.doi, "related_identifiers": [related] if release.homepage else []}),
        **given({"contributors": [{"name": release.contact, "type": "ContactPerson"}] if release.contact else []}),
        **given({"locations": [{"place": place} for place in described.places]}),
    }
    return dump({"metadata": metadata})
