"""Citations: each format is read back by the rules of its own readers, and is the same each time."""

import datetime as dt
import json
import re

import bibtexparser
import handmade
import jsonschema
import pytest
import yaml

from eventcode import cite, resources
from eventcode.errors import EventcodeError, ReleaseError
from eventcode.publish.cite import FORMATS
from eventcode.publish.metadata import Release

# The rules of the Citation File Format 1.2.0 that concern what we write, in our own words.
_URL = {"type": "string", "pattern": "^(https|http|ftp|sftp)://.+"}
_TEXT = {"type": "string", "minLength": 1}
_PERSON = {
    "type": "object",
    "properties": dict.fromkeys(("given-names", "family-names", "name-particle", "name-suffix", "alias", "affiliation"), _TEXT)
    | {"orcid": {"type": "string", "pattern": r"^https://orcid\.org/\d{4}-\d{4}-\d{4}-\d{3}[0-9X]$"}, "website": _URL},
    "additionalProperties": False,
}
_ENTITY = {
    "type": "object",
    "properties": {"name": _TEXT, "alias": _TEXT, "website": _URL},
    "required": ["name"],
    "additionalProperties": False,
}
CFF = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "required": ["authors", "cff-version", "message", "title"],
    "additionalProperties": False,
    "properties": {
        "cff-version": {"const": "1.2.0"},
        "message": _TEXT,
        "title": _TEXT,
        "abstract": _TEXT,
        "type": {"enum": ["software", "dataset"]},
        "authors": {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"anyOf": [_PERSON, _ENTITY]}},
        "version": {"anyOf": [_TEXT, {"type": "number"}]},
        "date-released": {"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[012])-(0[1-9]|[12]\d|3[01])$"},
        "doi": {"type": "string", "pattern": r"^10\.\d{4,9}(\.\d+)?/\S+$"},
        "keywords": {"type": "array", "minItems": 1, "uniqueItems": True, "items": _TEXT},
        "license": {"anyOf": [{"enum": ["Apache-2.0", "CC-BY-4.0"]}, {"type": "array", "items": {"enum": ["Apache-2.0", "CC-BY-4.0"]}}]},
        "license-url": _URL,
        "url": _URL,
        "repository": _URL,
        "repository-code": _URL,
        "repository-artifact": _URL,
    },
}


def cff_errors(text):
    """What breaks the rules of CFF; a plain YAML date counts as the text that it was, as the format's own tools read it."""
    found = yaml.safe_load(text)
    day = found.get("date-released")
    if isinstance(day, dt.date):
        found["date-released"] = day.isoformat()
    return [error.message for error in jsonschema.Draft7Validator(CFF).iter_errors(found)]


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cite") / "dataset"
    handmade.build(folder)
    return folder


def test_apa(dataset):
    assert cite(dataset=dataset) == "The testers. (2026). Handmade: events for the tests (Version 0.1.0) [Data set].\n"


def test_bibtex_is_read_by_bibtexparser(dataset):
    library = bibtexparser.parse_string(cite(style="bibtex", dataset=dataset))
    assert not library.failed_blocks
    (entry,) = library.entries
    assert (entry.entry_type, entry.key) == ("misc", "handmade_0_1_0")
    found = {field.key: field.value for field in entry.fields}
    assert found["author"] == "{The testers}"  # the inner braces keep it one name, and the title's capitals
    assert found["title"] == f"{{{handmade.ABOUT.title}}}"
    assert (found["year"], found["month"], found["version"]) == ("2026", "1", "0.1.0")


@pytest.mark.parametrize("where", ["style", "file"])
def test_cff_keeps_the_rules(dataset, where):
    text = cite(style="cff", dataset=dataset) if where == "style" else (dataset / "0.1.0" / "CITATION.cff").read_text(encoding="utf-8")
    assert cff_errors(text) == []
    found = yaml.safe_load(text)
    assert (found["type"], found["version"], found["date-released"]) == ("dataset", "0.1.0", "2026-01-31")


def test_the_software_has_a_citation_too():
    text = (handmade.ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert cff_errors(text) == []
    found = yaml.safe_load(text)
    assert (found["type"], found["version"], found["license"]) == ("software", resources.VERSION, "Apache-2.0")


@pytest.mark.parametrize(
    "change",
    [
        {"cff-version": "1.1.0"},
        {"authors": []},
        {"date-released": "31-01-2026"},
        {"type": "data"},
        {"licence": "CC-BY-4.0"},
        {"title": None},
    ],
)
def test_the_rules_refuse_what_breaks_them(dataset, change):
    good = yaml.safe_load(cite(style="cff", dataset=dataset))
    assert cff_errors(yaml.safe_dump({**good, **change}))


def test_csl_json(dataset):
    (item,) = json.loads(cite(style="csl-json", dataset=dataset))
    assert (item["id"], item["type"], item["version"]) == ("handmade-0.1.0", "dataset", "0.1.0")
    assert item["author"] == [{"literal": "The testers"}]
    assert item["issued"] == {"date-parts": [[2026, 1, 31]]}


def test_ris_lines_are_tags_and_the_record_ends(dataset):
    lines = cite(style="ris", dataset=dataset).split("\r\n")
    assert lines.pop() == ""
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in lines)
    tags = [line[:2] for line in lines]
    assert (lines[0], lines[-1]) == ("TY  - DATA", "ER  - ")
    assert {"AU", "TI", "PY", "DA", "ET", "AB"} <= set(tags)
    assert [line[6:] for line in lines if line.startswith("KW")] == handmade.ABOUT.keywords


@pytest.mark.parametrize("style", FORMATS)
def test_every_format_is_the_same_each_time(dataset, style):
    first = cite("0.1.0", style=style, dataset=dataset)
    assert cite("0.1.0", style=style, dataset=dataset) == first
    assert first.endswith("\n")


def test_what_is_said_of_a_release_is_read_back_as_it_was_written(dataset):
    found = Release.read_release(dataset / "0.1.0")
    assert found == Release(**handmade.ABOUT.model_dump(), version="0.1.0", date="2026-01-31")


def test_what_does_not_exist_is_said_with_what_does(dataset):
    with pytest.raises(EventcodeError, match="no such format: mla; expected one of apa, bibtex, cff, csl-json, ris"):
        cite(style="mla", dataset=dataset)
    with pytest.raises(ReleaseError, match=r"no such release: 3\.0\.0; expected one of 0\.1\.0"):
        cite("3.0.0", dataset=dataset)


@pytest.mark.parametrize("version", resources.releases())
@pytest.mark.parametrize("style", FORMATS)
def test_published_releases_can_be_cited(version, style):
    text = cite(version, style=style)
    assert version in text
    if style == "cff":
        assert cff_errors(text) == []
