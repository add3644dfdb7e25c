"""What is said of a release, in every form in which others read it, all from one model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from eventcode.model.column import Table
from eventcode.model.tables import RELEASE
from eventcode.publish.metadata import package, ro_crate
from eventcode.publish.metadata.about import About, Extent, Release
from eventcode.publish.metadata.citation import Cited, apa, bibtex, cff, citation_cff
from eventcode.publish.metadata.croissant import croissant
from eventcode.publish.metadata.datacite import datacite
from eventcode.publish.metadata.ddi import ddi_codebook
from eventcode.publish.metadata.deposit import dataverse, zenodo
from eventcode.publish.metadata.described import Described
from eventcode.publish.metadata.schema_org import schema_org

__all__ = ["About", "Extent", "Release", "citation_cff", "datapackage", "documents"]

Files = Mapping[str, Mapping[str, Any]]
Sources = Sequence[Mapping[str, str]]


def datapackage(release: Release, files: Files, sources: Sources) -> str:
    """The Data Package (v2) descriptor of a release with all tables.

    Args:
        release: What is said of the release.
        files: For each table its number of rows, checksum and bytes.
        sources: Contributions and articles that it was built from, with checksums.
    """
    return package.datapackage(Described(release, files, sources, {model.table: model for model in RELEASE}))


def documents(release: Release, files: Files, sources: Sources, contracts: Mapping[str, type[Table]]) -> dict[str, str]:
    """Every metadata file of a release, by its name: the same texts for the same input.

    Args:
        release: What is said of the release.
        files: For each table "rows", "bytes", "hash" ("sha256:" and the file's checksum) and "contentSha256".
        sources: Contributions and articles that it was built from, with checksums.
        contracts: The declaration of each table, by its name, in the order in which they are to be listed.
    """
    described = Described(release, files, sources, contracts)
    first = next(iter(contracts))
    cited = Cited(release, content=first, sha256=str(files[first]["contentSha256"]))
    texts = {
        "datapackage.json": package.datapackage(described),
        "croissant.json": croissant(described, bibtex(cited)),
        "datacite.json": datacite(described),
        "CITATION.cff": cff(cited),
        "schema-org.jsonld": schema_org(described),
        "ddi-codebook.xml": ddi_codebook(described, apa(cited)),
        "dataverse.json": dataverse(described),
        "zenodo.json": zenodo(described),
    }
    return {**texts, ro_crate.NAME: ro_crate.ro_crate(described, texts)}
