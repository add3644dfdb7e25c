"""ddi-codebook.xml: the release as data archives describe it (DDI-Codebook 2.5), with one variable a column."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

from eventcode.model.column import Column, columns
from eventcode.publish.metadata.described import Described, given, title
from eventcode.resources import VERSION

NAMESPACE = "ddi:codebook:2_5"
_SCHEMA = "http://www.ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_REPRESENTATION = {"text": "text", "date": "datetime", "integer": "numeric", "number": "numeric"}


def _add(parent: ET.Element, tag: str, text: object = "", **attributes: str) -> ET.Element:
    """Add an element; attributes without a value are left out."""
    made = ET.SubElement(parent, tag, given(attributes))
    made.text = str(text) or None
    return made


def _citation(study: ET.Element, described: Described, cited: str) -> None:
    release = described.release
    citation = _add(study, "citation")
    titles = _add(citation, "titlStmt")
    _add(titles, "titl", release.title)
    _add(titles, "IDNo", release.doi or f"{release.name}-{release.version}", agency="DOI" if release.doi else release.name)
    _add(_add(citation, "rspStmt"), "AuthEnty", release.creator)
    production = _add(citation, "prodStmt")
    _add(production, "producer", release.creator)
    _add(production, "prodDate", release.date, date=release.date)
    _add(production, "software", "eventcode", version=VERSION)
    for name in release.funding:
        _add(production, "fundAg", name)
    distribution = _add(citation, "distStmt")
    _add(distribution, "distrbtr", release.published_by, URI=release.homepage)
    if release.contact or release.contact_email:
        _add(distribution, "contact", release.contact, email=release.contact_email)
    _add(distribution, "distDate", release.date, date=release.date)
    _add(_add(citation, "verStmt"), "version", release.version, date=release.date)
    _add(citation, "biblCit", cited.strip(), format="APA")


def _study(root: ET.Element, described: Described, cited: str) -> None:
    release = described.release
    study = _add(root, "stdyDscr")
    _citation(study, described, cited)
    info = _add(study, "stdyInfo")
    subject = _add(info, "subject")
    for word in release.keywords:
        _add(subject, "keyword", word)
    for word in release.subject:
        _add(subject, "topcClas", word)
    _add(info, "abstract", release.description)
    summary = _add(info, "sumDscr")
    if release.extent and release.extent.period:
        _add(summary, "timePrd", release.extent.first, event="start", date=release.extent.first)
        _add(summary, "timePrd", release.extent.last, event="end", date=release.extent.last)
    for place in described.places:
        _add(summary, "geogCover", place)
    _add(summary, "anlyUnit", "event")
    _add(summary, "dataKind", "event data")
    use = _add(_add(study, "dataAccs"), "useStmt")
    _add(use, "citReq", cited.strip())
    _add(use, "conditions", f"{release.licence}, {release.licence_url}")


def _file(root: ET.Element, described: Described, table: str) -> None:
    rows, names = described.files[table]["rows"], columns(described.contracts[table])
    about = _add(_add(root, "fileDscr", ID=f"F_{table}", URI=f"{table}.parquet"), "fileTxt")
    _add(about, "fileName", f"{table}.parquet")
    for what, value in (("dataFile", described.sha256(table)), ("data", described.files[table]["contentSha256"])):
        fingerprint = _add(about, "dataFingerprint", type=what)
        _add(fingerprint, "digitalFingerprintValue", value)
        _add(fingerprint, "algorithmSpecification", "SHA-256")
    _add(about, "fileCont", title(described.contracts[table]))
    _add(about, "fileStrc", type="rectangular")
    dimensions = _add(about, "dimensns")
    _add(dimensions, "caseQnty", rows)
    _add(dimensions, "varQnty", len(names))
    _add(about, "fileType", "Apache Parquet")


def _variable(data: ET.Element, table: str, column: Column) -> None:
    coded = column.enum or column.codelist
    made = _add(
        data, "var", ID=f"V_{table}_{column.name}", name=column.name, files=f"F_{table}",
        intrvl="contin" if column.kind == "number" else "discrete", measUnit="" if column.unit == "1" else column.unit,
        representationType="code" if coded else _REPRESENTATION[column.kind],
    )  # fmt: skip
    _add(made, "labl", column.name.replace("_", " "), level="variable")
    bounds: dict[str, Any] = {"min": column.minimum, "max": column.maximum}
    if any(value is not None for value in bounds.values()):
        _add(_add(made, "valrng"), "range", **{name: str(value) for name, value in bounds.items() if value is not None})
    _add(made, "txt", column.description)
    if column.codelist:
        _add(made, "stdCatgry", f"codelist {column.codelist}")
    for value in column.enum:
        _add(_add(made, "catgry"), "catValu", value)
    kind = "character" if column.kind in {"text", "date"} else "numeric"
    _add(made, "varFormat", type=kind, category="date" if column.kind == "date" else "other")
    if column.missing:
        _add(made, "notes", column.missing, type="missing")


def ddi_codebook(described: Described, cited: str) -> str:
    """The DDI-Codebook document.

    Args:
        described: The release and its tables.
        cited: Its citation in words.
    """
    root = ET.Element(
        "codeBook", {"xmlns": NAMESPACE, "xmlns:xsi": _XSI, "xsi:schemaLocation": f"{NAMESPACE} {_SCHEMA}", "version": "2.5", "xml:lang": "en"}
    )  # fmt: skip
    _study(root, described, cited)
    for table in described.contracts:
        _file(root, described, table)
    data = _add(root, "dataDscr")
    for table, model in described.contracts.items():
        for column in columns(model):
            _variable(data, table, column)
    ET.indent(root, " ")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'
