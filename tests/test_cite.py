"""Citations: each format is read back by the rules of its own readers, and is the same each time."""

import datetime as dt
import json
import re
import shutil

import bibtexparser
import jsonschema
import pandas as pd
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import yaml
from bibtexparser.middlewares import LatexDecodingMiddleware

from eventcode import cite, load, resources
from eventcode.errors import EventcodeError, ReleaseError
from eventcode.model.tables import RELEASE
from eventcode.publish.content import content_sha256
from eventcode.publish.index import write
from eventcode.publish.metadata import Release, citation_cff
from eventcode.publish.metadata.citation import FORMATS
from eventcode.publish.metadata.described import Described
from eventcode.publish.metadata.package import datapackage

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
    "properties": {"name": _TEXT, "alias": _TEXT, "website": _URL, "orcid": _PERSON["properties"]["orcid"]},
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
        "identifiers": {
            "type": "array",
            "minItems": 1,
            "uniqueItems": True,
            "items": {
                "type": "object",
                "required": ["type", "value"],
                "additionalProperties": False,
                "properties": {"type": {"const": "other"}, "value": _TEXT, "description": _TEXT},
            },
        },
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


ODD = 'Events & "wars": 50 % of {all} ö_x #1 $2 in R\\S'
ABOUT = {
    "name": "handmade",
    "title": "Handmade: events for the tests",
    "description": "Rows made by hand.",
    "creator": "The testers",
    "licence": "CC-BY-4.0",
    "licence_url": "https://creativecommons.org/licenses/by/4.0/",
    "keywords": ["test", "events"],
}
MODELS = {model.table: model for model in RELEASE}


def publish(dataset, version="0.1.0", **more):
    """A release with the tables of a published one, of which something else is said; returns the folder of the releases."""
    folder = dataset / version
    shutil.copytree(resources.release_folder("1.0.0"), folder)
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    files = {each["name"]: {key: each[key] for key in ("rows", "bytes", "hash", "contentSha256")} for each in package["resources"]}
    said = Release(**{**ABOUT, **more}, version=version, date="2026-01-31")
    text = datapackage(Described(said, files, [], {name: MODELS[name] for name in files}))
    (folder / "datapackage.json").write_text(text, encoding="utf-8")
    return dataset


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    return publish(tmp_path_factory.mktemp("cite") / "dataset")


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """A release with a DOI and signs that mean something to one form or another."""
    more = {
        "title": ODD,
        "creator": "Büro {für} R&D",
        "doi": "10.5072/events.1_0",
        "publisher": "Sons & Co.",
        "homepage": "https://example.org/?a=1&b=2",
    }
    return publish(tmp_path_factory.mktemp("odd") / "dataset", **more)


@pytest.fixture(scope="module")
def events(dataset):
    return load(dataset=dataset)


def chosen(events):
    return events[events["actor"] == "AZEMIL"]


# -- a release ------------------------------------------------------------------------------------------------------


def test_apa(dataset, odd):
    assert cite(dataset=dataset) == "The testers. (2026). Handmade: events for the tests (Version 0.1.0) [Data set].\n"
    assert (
        cite(dataset=odd) == f"Büro {{für}} R&D. (2026). {ODD} (Version 0.1.0) [Data set]. Sons & Co. https://doi.org/10.5072/events.1_0\n"
    )


def test_text_says_all(dataset, odd):
    sha256 = recorded(dataset)
    assert cite(style="text", dataset=dataset) == (
        "The testers (2026): Handmade: events for the tests. Version 0.1.0 of 2026-01-31, CC-BY-4.0. "
        f"SHA-256 of the content of events: {sha256}.\n"
    )
    assert cite(style="text", dataset=odd).endswith(f"{sha256}. https://doi.org/10.5072/events.1_0\n")


def recorded(dataset):
    package = json.loads((dataset / "0.1.0" / "datapackage.json").read_text(encoding="utf-8"))
    return package["resources"][0]["contentSha256"]


@pytest.mark.parametrize("style", ["bibtex", "cff", "csl-json", "ris", "text"])
def test_the_checksum_of_the_content_is_said(dataset, style):
    assert recorded(dataset) in cite(style=style, dataset=dataset)


def bibtex(text):
    library = bibtexparser.parse_string(text, append_middleware=[LatexDecodingMiddleware()])
    assert not library.failed_blocks
    (entry,) = library.entries
    return entry, {field.key: field.value for field in entry.fields}


def test_bibtex_is_read_by_bibtexparser(dataset):
    library = bibtexparser.parse_string(cite(style="bibtex", dataset=dataset))
    assert not library.failed_blocks
    (entry,) = library.entries
    assert (entry.entry_type, entry.key) == ("misc", "handmade_0_1_0")
    found = {field.key: field.value for field in entry.fields}
    assert found["author"] == "{The testers}"  # the inner braces keep it one name, and the title's capitals
    assert found["title"] == f"{{{ABOUT['title']}}}"
    assert (found["year"], found["month"], found["version"]) == ("2026", "1", "0.1.0")
    assert "doi" not in found


def test_odd_signs_come_back_from_bibtex(odd):
    _, found = bibtex(cite(style="bibtex", dataset=odd))
    assert found["title"] == ODD
    assert found["author"] == "Büro {für} R&D"
    assert (found["doi"], found["url"]) == ("10.5072/events.1_0", "https://doi.org/10.5072/events.1_0")


@pytest.mark.parametrize("title", ["Half a { brace", "} and {", "}{", "{{}", "@misc{x, y = {z}}", "ends in \\", "~^"])
def test_no_title_breaks_bibtex(tmp_path, title):
    entry, found = bibtex(cite(style="bibtex", dataset=publish(tmp_path / "dataset", title=title)))
    assert entry.key == "handmade_0_1_0"
    assert {"author", "title", "year", "version", "note"} <= set(found)
    assert found["year"] == "2026"


@pytest.mark.parametrize("where", ["style", "file"])
@pytest.mark.parametrize("which", ["dataset", "odd"])
def test_cff_keeps_the_rules(request, which, where):
    folder = request.getfixturevalue(which)
    text = cite(style="cff", dataset=folder) if where == "style" else citation_cff(Release.read_release(folder / "0.1.0"))
    assert cff_errors(text) == []
    found = yaml.safe_load(text)
    assert (found["type"], found["version"], found["date-released"]) == ("dataset", "0.1.0", "2026-01-31")
    assert found.get("doi") == ("10.5072/events.1_0" if which == "odd" else None)


@pytest.mark.parametrize(
    ("more", "key", "link"),
    [
        ({"orcid": "0000-0002-1825-0097"}, "orcid", "https://orcid.org/0000-0002-1825-0097"),
        ({"ror": "05dxps055"}, "website", "https://ror.org/05dxps055"),
    ],
)
def test_cff_names_the_creator_s_identifier(tmp_path, more, key, link):
    text = cite(style="cff", dataset=publish(tmp_path / "dataset", **more))
    assert cff_errors(text) == []
    assert yaml.safe_load(text)["authors"] == [{"name": "The testers", key: link}]


def test_the_software_has_a_citation_too():
    text = (resources.DATASET.parent / "CITATION.cff").read_text(encoding="utf-8")
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
        {"identifiers": [{"type": "sha256", "value": "x"}]},
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


@pytest.mark.filterwarnings("ignore")
def test_csl_json_is_read_by_citeproc(odd):
    json_source = pytest.importorskip("citeproc.source.json", reason="citeproc-py is not installed")
    items = json_source.CiteProcJSON(json.loads(cite(style="csl-json", dataset=odd)))
    (reference,) = items.values()
    assert (str(reference["title"]), reference["type"]) == (ODD, "dataset")
    assert "10.5072/events.1_0" in reference["DOI"]
    assert reference["issued"]["year"] == 2026


def test_ris_lines_are_tags_and_the_record_ends(dataset):
    lines = cite(style="ris", dataset=dataset).split("\r\n")
    assert lines.pop() == ""
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in lines)
    tags = [line[:2] for line in lines]
    assert (lines[0], lines[-1]) == ("TY  - DATA", "ER  - ")
    assert {"AU", "TI", "PY", "DA", "ET", "AB"} <= set(tags)
    assert [line[6:] for line in lines if line.startswith("KW")] == ABOUT["keywords"]


def test_ris_is_read_by_rispy(odd):
    rispy = pytest.importorskip("rispy", reason="rispy is not installed")
    (entry,) = rispy.loads(cite(style="ris", dataset=odd))
    assert (entry["type_of_reference"], entry["title"], entry["authors"]) == ("DATA", ODD, ["Büro {für} R&D"])
    assert (entry["doi"], entry["urls"]) == ("10.5072/events.1_0", ["https://doi.org/10.5072/events.1_0"])
    assert entry["keywords"] == ABOUT["keywords"]


@pytest.mark.parametrize("style", FORMATS)
def test_every_format_is_the_same_each_time(dataset, style):
    first = cite("0.1.0", style=style, dataset=dataset)
    assert cite("0.1.0", style=style, dataset=dataset) == first
    assert first.endswith("\n")


def test_what_does_not_exist_is_said_with_what_does(dataset):
    with pytest.raises(EventcodeError, match="no such format: mla; expected one of apa, bibtex, cff, csl-json, ris, text"):
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


# -- what was used of it --------------------------------------------------------------------------------------------


def test_a_whole_table_is_cited_as_its_release(dataset, events):
    assert cite(events, style="text", dataset=dataset) == cite("0.1.0", style="text", dataset=dataset)
    assert cite(load(table="reports", dataset=dataset), dataset=dataset) == cite("0.1.0", dataset=dataset)


def test_a_part_is_cited_with_its_rows_filters_and_checksum(dataset, events):
    part = chosen(events)
    text = cite(part, dataset=dataset, filters=["actor is AZEMIL", "any date"])
    sha256 = re.search(r"[0-9a-f]{64}", text)[0]
    assert text == (
        "The testers. (2026). Handmade: events for the tests (Version 0.1.0; "
        f"{len(part)} of {len(events)} rows of events (actor is AZEMIL; any date); SHA-256 of the content of the rows used: {sha256}) [Data set].\n"
    )
    assert cite(part, dataset=dataset) == text.replace(" (actor is AZEMIL; any date)", "")
    assert cite(part, dataset=dataset, filters="actor is AZEMIL;\n any date") == text
    table = pq.read_table(dataset / "0.1.0" / "events.parquet")
    assert sha256 == content_sha256(table.filter(pc.equal(table["actor"].cast("string"), "AZEMIL"))), "as another library chooses the rows"


def test_the_whole_with_filters_says_them(dataset, events):
    assert f"{len(events)} of {len(events)} rows of events (all of them)" in cite(events, dataset=dataset, filters="all of them")


@pytest.mark.parametrize("style", FORMATS)
def test_every_format_cites_a_part(dataset, events, style):
    part = chosen(events)
    text = cite(part, style=style, dataset=dataset, filters="actor is AZEMIL")
    assert f"{len(part)} of {len(events)} rows of events" in text
    assert re.search(r"[0-9a-f]{64}", text)
    if style == "cff":
        assert cff_errors(text) == []
    if style == "bibtex":
        entry, _ = bibtex(text)
        assert re.fullmatch(r"handmade_0_1_0_[0-9a-f]{8}", entry.key)


def test_odd_filters_stay_on_their_line(dataset, events):
    filters = 'note = "50 % {a}"\nER  - \r\nTY  - BOOK & more'
    ris = cite(chosen(events), style="ris", dataset=dataset, filters=filters)
    assert [line[:2] for line in ris.split("\r\n")].count("TY") == 1
    _, found = bibtex(cite(chosen(events), style="bibtex", dataset=dataset, filters=filters))
    assert '(note = "50 % {a}" ER - TY - BOOK & more)' in found["note"]


def test_a_frame_that_pandas_saved_and_read_is_cited_as_before(dataset, events, tmp_path):
    part = chosen(events)
    part.to_parquet(tmp_path / "part.parquet")
    again = pd.read_parquet(tmp_path / "part.parquet")
    assert cite(again, dataset=dataset) == cite(part, dataset=dataset)
    assert cite(again.reset_index(drop=True), dataset=dataset) == cite(part, dataset=dataset)


def test_what_was_done_to_the_frame_is_said(dataset, events):
    assert "rows of events, changed or in another order; SHA" in cite(events.sort_values("actor"), dataset=dataset)
    assert f"rows of events, 2 of {len(events.columns)} columns; SHA" in cite(events[["actor", "action"]], dataset=dataset)
    assert "rows of events, 1 added; SHA" in cite(events.assign(mine=1), dataset=dataset)


def test_no_rows_at_all_can_be_cited(dataset, events):
    assert f"(Version 0.1.0; 0 of {len(events)} rows of events; SHA-256" in cite(events.head(0), dataset=dataset)


@pytest.mark.parametrize("what", ["polars", "arrow", "bare", "odd", "list"])
def test_what_does_not_know_its_release_is_told_how_to_cite(dataset, events, what):
    frame = {
        "polars": lambda: load(dataset=dataset, backend="polars"),
        "arrow": lambda: load(dataset=dataset, backend="arrow"),
        "bare": lambda: pd.DataFrame({"actor": ["AZE"]}),
        "odd": lambda: known(events, {"version": 1, "table": "events"}),
        "list": lambda: ["0.1.0"],
    }[what]()
    with pytest.raises(EventcodeError, match=r"does not say which release it comes from; expected a version, or a pandas frame .*cite\(\""):
        cite(frame, dataset=dataset)


def known(events, origin):
    frame = events.head(3)
    frame.attrs = {"eventcode": origin}
    return frame


def test_a_frame_of_another_data_set_or_release_is_refused(dataset, events):
    with pytest.raises(EventcodeError, match="the frame comes from the table events of other, and this is handmade"):
        cite(known(events, {"name": "other", "version": "0.1.0", "table": "events"}), dataset=dataset)
    with pytest.raises(EventcodeError, match=r"the frame comes from the table \.\./events of a data set, and this is handmade"):
        cite(known(events, {"version": "0.1.0", "table": "../events"}), dataset=dataset)
    with pytest.raises(ReleaseError, match=r"no such release: 7\.0\.0; expected one of 0\.1\.0"):
        cite(known(events, {"version": "7.0.0", "table": "events"}), dataset=dataset)


def test_what_was_fetched_from_an_archive_is_cited_too(tmp_path, monkeypatch):
    monkeypatch.setenv("EVENTCODE_CACHE", str(tmp_path / "cache"))
    shutil.copytree(resources.release_folder("1.0.0"), tmp_path / "archive" / "1.0.0")
    write(tmp_path / "archive")
    registry = tmp_path / "archive"
    frame = load("1.0.0", registry=registry)
    assert cite("1.0.0", registry=registry) == cite(frame, registry=registry) == cite("1.0.0")
    assert cite(chosen(frame), registry=registry) == cite(chosen(load("1.0.0")))


def test_filters_without_a_frame_are_refused(dataset):
    with pytest.raises(EventcodeError, match="filters were given without a frame"):
        cite("0.1.0", dataset=dataset, filters="actor is AZEMIL")


@pytest.mark.parametrize("change", [lambda f: f.assign(mine=[["a"]] * len(f)), lambda f: pd.concat([f, f[["actor"]]], axis=1)])
def test_columns_without_a_checksum_are_refused(dataset, events, change):
    frame = change(events)
    frame.attrs = events.attrs
    with pytest.raises(EventcodeError, match="no checksum can be made of the frame"):
        cite(frame, dataset=dataset)


def test_rows_that_are_no_rows_of_the_release_are_not_cited(dataset, events):
    for frame in (pd.concat([events, events]), events.rename(columns=lambda name: f"my_{name}")):
        frame.attrs = events.attrs
        with pytest.raises(EventcodeError, match="are not rows of events"):
            cite(frame, dataset=dataset)


def test_a_day_with_a_time_has_no_checksum(dataset, events):
    frame = events.assign(date=events["date"] + pd.Timedelta(hours=5))
    frame.attrs = events.attrs
    with pytest.raises(EventcodeError, match="no checksum can be made"):
        cite(frame, dataset=dataset)
