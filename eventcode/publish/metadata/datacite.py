"""datacite.json: what DataCite takes to mint a DOI (metadata schema 4, in its JSON form)."""

from __future__ import annotations

from typing import Any

from eventcode.publish.metadata.about import Release
from eventcode.publish.metadata.described import PARQUET, Described, dump, given


def _creator(release: Release) -> dict[str, Any]:
    scheme, home = ("ORCID", "https://orcid.org") if release.orcid else ("ROR", "https://ror.org")
    identifier = {"nameIdentifier": release.creator_url, "nameIdentifierScheme": scheme, "schemeUri": home}
    return given(
        {
            "name": release.creator,
            "nameType": "Personal" if release.orcid else "Organizational",
            "nameIdentifiers": [identifier] if release.creator_url else [],
        }
    )


def _dates(described: Described) -> list[dict[str, str]]:
    found = [{"date": described.release.date, "dateType": "Issued"}]
    if described.period:
        found.append({"date": described.period, "dateType": "Other", "dateInformation": "first and last day of the events"})
    return found


def _rights(release: Release) -> dict[str, str]:
    return {
        "rights": release.licence,
        "rightsUri": release.licence_url,
        "rightsIdentifier": release.licence.lower(),
        "rightsIdentifierScheme": "SPDX",
        "schemeUri": "https://spdx.org/licenses/",
    }


def datacite(described: Described) -> str:
    """The attributes of a DOI.

    Until a DOI is minted there is none in it: sent with a prefix and no event, that makes a draft, for which DataCite makes up a DOI.
    """
    release = described.release
    attributes = {
        **given({"doi": release.doi, "url": release.homepage}),
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Event data"},
        "creators": [_creator(release)],
        "titles": [{"title": release.title}],
        "publisher": {"name": release.published_by},
        "publicationYear": release.date[:4],
        "subjects": [{"subject": word} for word in [*release.keywords, *release.subject]],
        **given({"contributors": [{"contributorType": "ContactPerson", "name": release.contact}] if release.contact else []}),
        "dates": _dates(described),
        "language": "en",
        "alternateIdentifiers": [
            {
                "alternateIdentifier": f"sha256:{described.files[table]['contentSha256']}",
                "alternateIdentifierType": f"SHA-256 of the content of {table}",
            }
            for table in described.contracts
        ],
        "sizes": [size for table in described.contracts for size in _sizes(table, described)],
        "formats": [PARQUET],
        "version": release.version,
        "rightsList": [_rights(release)],
        "descriptions": [{"description": release.description, "descriptionType": "Abstract"}],
        **given({"geoLocations": [{"geoLocationPlace": place} for place in described.places]}),
        **given({"fundingReferences": [{"funderName": name} for name in release.funding]}),
        "schemaVersion": "http://datacite.org/schema/kernel-4",
    }
    return dump(attributes)


def _sizes(table: str, described: Described) -> tuple[str, str]:
    file = described.files[table]
    return f"{table}: {file['rows']} rows", f"{table}.parquet: {file['bytes']} bytes"
