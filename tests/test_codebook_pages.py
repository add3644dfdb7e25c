"""The codebook of the tables: what it tells of each column, since when, and that the page is whole wherever it is opened."""

import csv
import re
from html.parser import HTMLParser

import pytest

from eventcode import resources
from eventcode.contract.codebook import allowed, codebook, codebook_html
from eventcode.contract.describe import contract_files
from eventcode.model.column import Table, column, columns
from eventcode.model.tables import EXPORTED, RELEASE, Contribution, Report
from eventcode.publish.describe import descriptor

COLUMNS = [(model, spec) for model in EXPORTED for spec in columns(model)]
EACH = pytest.mark.parametrize(("model", "spec"), COLUMNS, ids=[f"{model.table}.{spec.name}" for model, spec in COLUMNS])
HEADS = ["column", "type", "meaning", "does not mean", "missing means", "allowed", "example", "since"]
LATEST = "1.1.0"
"""No column is of a later release than this one: raise it with the first column that is."""
MISREAD = re.compile(
    r"actor|action|target|root|code|iso|cow|gleditsch_ward|(actor_|target_)?country|date.*|published|status|confidence|n_sources|n_reports"
    r"|goldstein|quad_class|plover|place_precision|coder|revision|event_id|source|articles|sentences|reports|figures_by|denied_by|denies"
    r"|(deaths|wounded|detained|displaced|protesters)_(low|best|high)|offered|refused|change"
)
VOID = {"meta", "br", "hr", "link"}


class Sample(Table):
    """One row of a <made> table & its "words"."""

    table = "sample<1>"
    key = ("text",)
    text: str = column("Less < `a<b` & more | 'than'.", example="</code><script>1</script>", pattern="a|b")
    number: float | None = column("<img src=x>.", example=0.5, missing="<none>", unit="<m>", maximum=5.0)


class Page(HTMLParser):
    """What a page holds, and what of it is not closed as it was opened."""

    def __init__(self, html):
        super().__init__()
        self.open, self.faults, self.tags, self.ids, self.links, self.rows, self.text = [], [], set(), [], [], [], []
        self.attributes = {}
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.add(tag)
        self.attributes.setdefault(tag, given)
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if "href" in given else []
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            self.rows[-1].append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)

    def handle_data(self, data):
        if {"td", "th"} & set(self.open):
            self.rows[-1][-1] += data
        self.text.append(data)


@pytest.fixture(scope="module")
def page():
    return Page(codebook_html())


def landed():
    """The columns of each release that lies here, oldest first."""
    for version in resources.releases():
        listed = descriptor(resources.DATASET / version)["resources"]
        yield version, {(each["name"], field["name"]) for each in listed for field in each["schema"]["fields"]}


# -- what is told of a column -----------------------------------------------------------------------------------------


def test_each_column_has_one_row_in_the_order_of_declaration():
    with (resources.SCHEMA / "columns.csv").open(encoding="utf-8", newline="") as file:
        head, *told = csv.reader(file)
    assert head == ["table", "column", "since", "not"]
    assert [(table, name) for table, name, _, _ in told] == [(model.table, spec.name) for model, spec in COLUMNS]
    assert {(model.table, spec.name): (spec.since, spec.not_meant) for model, spec in COLUMNS} == {
        (table, name): (since, meant) for table, name, since, meant in told
    }


@EACH
def test_a_column_is_there_since_a_version(model, spec):
    assert re.fullmatch(r"\d+\.\d+\.\d+", spec.since), model.table
    assert resources.version_key(spec.since) <= resources.version_key(LATEST)


def test_a_column_is_there_since_the_first_release_that_has_it():
    since = {}
    for version, there in landed():
        since |= dict.fromkeys(there - set(since), version)
    newest = resources.version_key(resources.releases()[-1])
    for model in RELEASE:
        for spec in columns(model):
            first = since.get((model.table, spec.name))
            assert spec.since == first if first else resources.version_key(spec.since) > newest, (model.table, spec.name)


def test_a_contributions_columns_are_there_since_those_of_reports():
    reports = {spec.name: spec.since for spec in columns(Report)}
    reports["source"] = reports["article_id"]
    ours = {spec.name: spec.since for spec in columns(Contribution)}
    assert set(ours) - set(reports) == {"event"}
    assert {name: since for name, since in ours.items() if name != "event"} == {name: reports[name] for name in ours if name != "event"}


@EACH
def test_what_a_value_does_not_mean_is_one_plain_sentence(model, spec):
    told = spec.not_meant
    assert told or not MISREAD.fullmatch(spec.name), f"{model.table}.{spec.name} is commonly misread: say what it does not mean"
    assert not told or re.fullmatch(r"[A-Z][^\n|<>]*\.", told)
    assert len(told) <= 200
    assert told.count("`") % 2 == 0
    assert told != spec.description


@EACH
def test_what_a_column_is_not_names_columns_that_are_there(model, spec):
    known = {each.name for _, each in COLUMNS} | {each.table for each in EXPORTED} | {"publication", "person:"}
    assert set(re.findall("`([^`]+)`", spec.not_meant)) <= known, model.table


def test_a_table_of_which_nothing_is_told_has_columns_all_the_same():
    assert {(spec.since, spec.not_meant) for spec in columns(Sample)} == {("", "")}


def test_what_is_allowed_is_said_of_every_kind_of_column():
    said = {(model.table, spec.name): allowed(spec) for model, spec in COLUMNS}
    assert said["events", "date"] == "1800-01-01 to 2100-12-31"
    assert said["events", "goldstein"] == "-10 to 10"
    assert said["events", "deaths_best"] == "at least 0"
    assert said["events", "actor"] == "codelist actors"
    assert said["changes", "change"] == "`added`, `revised`, `retracted`, `merged`, `split`"
    assert said["articles", "sha256"] == "like `[0-9a-f]{64}`"
    assert [allowed(spec) for spec in columns(Sample)] == ["like `a|b`", "at most 5"]


# -- Markdown ---------------------------------------------------------------------------------------------------------


def test_every_row_of_the_markdown_has_as_many_cells_as_the_head():
    rows = [line for line in codebook().splitlines() if line.startswith("|")]
    assert rows.count(f"| {' | '.join(HEADS)} |") == len(EXPORTED)
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {len(HEADS) + 1}
    assert "| `text` | text | Less < `a<b` & more \\| 'than'. |" in codebook((Sample,))


def test_the_markdown_tells_since_when_and_what_is_not_meant():
    for model, spec in COLUMNS:
        section = codebook((model,))
        (row,) = [line for line in section.splitlines() if line.startswith(f"| `{spec.name}` |")]
        assert row.endswith(f" | {spec.since} |")
        assert f" | {spec.not_meant} | " in row


# -- HTML -------------------------------------------------------------------------------------------------------------


def test_the_page_is_whole(page):
    assert (page.open, page.faults) == ([], [])
    assert page.attributes["html"]["lang"] == "en"
    assert page.attributes["meta"]["charset"] == "utf-8"
    assert {"title", "main", "nav", "h1", "h2"} <= page.tags
    assert "prefers-color-scheme: dark" in codebook_html()
    assert 'name="viewport"' in codebook_html()


def test_the_page_loads_and_runs_nothing(page):
    assert not {"script", "link", "img", "iframe", "object", "embed", "form", "base"} & page.tags
    assert all(link.startswith("#") for link in page.links)
    html = codebook_html()
    assert not re.search(r"url\(|@import|<[^>]+\s(?:src|on\w+|style)=", html)
    assert "default-src 'none'" in html


def test_every_table_and_column_has_an_anchor_and_stands_in_the_contents(page):
    wanted = [name for model in EXPORTED for name in (model.table, *(f"{model.table}.{spec.name}" for spec in columns(model)))]
    assert page.ids == ["contents", *wanted]
    assert {link.removeprefix("#") for link in page.links} == set(page.ids)
    nav = Page(codebook_html().split("<nav", 1)[1].split("</nav>", 1)[0])
    assert [link.removeprefix("#") for link in nav.links] == wanted


def test_every_row_of_the_page_tells_what_the_markdown_tells(page):
    found = [row for row in page.rows if row != HEADS]
    assert len(page.rows) - len(found) == len(EXPORTED)
    lines = [line for line in codebook().splitlines() if line.startswith("| `")]
    cells = [[cell.replace("\\|", "|").replace("`", "") for cell in re.split(r" (?<!\\)\| ", line[2:-2])] for line in lines]
    assert found == cells
    assert [row[0] for row in found] == [spec.name for _, spec in COLUMNS]


def test_the_page_escapes_what_it_shows():
    html = codebook_html((Sample,))
    page = Page(html)
    assert (page.open, page.faults) == ([], [])
    assert not {"script", "img", "made", "none", "m"} & page.tags
    text, number = page.rows[1:]
    assert text == ["text", "text", "Less < a<b & more | 'than'.", "", "never missing", "like a|b", "</code><script>1</script>", ""]
    assert number == ["number", "number, <m>", "<img src=x>.", "", "<none>", "at most 5", "0.5", ""]
    assert 'One row of a <made> table & its "words".' in "".join(page.text)
    assert page.ids == ["contents", "sample<1>", "sample<1>.text", "sample<1>.number"]


def test_a_page_holds_the_tables_that_are_asked_for():
    assert "contribution" not in Page(codebook_html(RELEASE)).ids
    assert contract_files()["CODEBOOK.html"] == codebook_html(EXPORTED) == codebook_html()
