"""The reports of the gate: exact texts, values that would do harm, and forms that programs read back."""

import csv
import io
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from types import SimpleNamespace
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from eventcode.contribute import rules as catalogue
from eventcode.contribute.escape import cell, unescape
from eventcode.contribute.report import Format, render, summary
from eventcode.contribute.report.words import cut, visible
from eventcode.errors import Problem
from eventcode.resources import VERSION

HOSTILE = (
    "[red]bold[/red]",
    "[/]",
    ":smile:",
    "\x1b[31mred\x1b[0m",
    "\x9b31m",
    "<script>alert(1)</script>",
    "\"><img src=x onerror='alert(1)'>",
    "</code></td></table>",
    "&lt;b&gt;",
    "one\ntwo",
    "one\r\ntwo",
    "\r::error file=a.csv,line=1::no",
    "::error::no",
    "\n::set-output name=a::b",
    "100%25,:",
    "=cmd|' /C calc'!A0",
    "@SUM(A1)",
    "'=1+1",
    "\tx",
    "a\0b",
    "\u202etxt.exe",
    "\u2028\x85",
    "{0} {x",
    "[click](https://example.org)",
    "\N{PILE OF POO}" * 3,
    "x" * 100_000,
)

REAL = catalogue.rules()


@dataclass(frozen=True)
class Checked:
    """Stands in for what the gate gives."""

    problems: tuple[Problem, ...] = ()
    file: str = "events.csv"
    form: str = "CSV, separated by ';', windows-1252"
    mapping: dict[str, str] = field(default_factory=dict)
    rows: int = 120
    more: dict[str, int] = field(default_factory=dict)
    readable: bool = True

    @property
    def counts(self):
        return dict(Counter(problem.code for problem in self.problems) + Counter(self.more))

    def _number(self, severity):
        return sum(count for code, count in self.counts.items() if catalogue.rules()[code].severity == severity)

    @property
    def errors(self):
        return self._number("error")

    @property
    def warnings(self):
        return self._number("warning")

    @property
    def repairable(self):
        return sum(count for code, count in self.counts.items() if catalogue.rules()[code].repaired)

    @property
    def refused(self):
        return len({p.row for p in self.problems if p.severity == "error" and p.row is not None})


def _rule(code, title, severity="error", repaired=False, **limits):
    texts = {"what": f"What {code} looks for.", "why": "As `a < b`.", "wrong": "action: 42", "right": "action: 042", "fix": "Mend it."}
    return SimpleNamespace(code=code, title=title, severity=severity, repaired=repaired, limits=limits, **texts)


RULES = {
    rule.code: rule
    for rule in (
        _rule("EC101", "missing column"),
        _rule("EC203", "unknown action code"),
        _rule("EC204", "lost leading zero", repaired=True),
        _rule("EC002", "damaged file"),
        _rule("EC210", "blanks around a value", "warning", repaired=True),
        _rule("EC318", "day and month swapped?", "warning", days=31, codes=["01", "02"]),
    )
}


@pytest.fixture(autouse=True)
def _rules(monkeypatch):
    """A small catalogue, so that its texts are not the real one's."""
    monkeypatch.setattr(catalogue, "rules", lambda: RULES)


def problem(code="EC203", row=3, **given):
    told = {
        "line": None if row is None else row + 1,
        "column": "action",
        "found": "199",
        "expected": "a code of CAMEO",
        "fix": "look it up",
    }
    return Problem(**{"code": code, "severity": RULES[code].severity, "file": "events.csv", "row": row, **told, **given})


def many():
    """A file with problems of four rules; of one more than were kept."""
    lost = [problem("EC204", row, found="42", expected="042", fix="write 042") for row in (1, 2)]
    blank = problem("EC210", 9, column="actor", found="' AZE'", expected="'AZE'", fix="remove the blanks")
    missing = problem("EC101", None, column="source", found="no such column", expected="a column source", fix="add the column source")
    unknown = [problem(row=row) for row in range(20, 24)]
    return Checked((missing, *lost, blank, *unknown), more={"EC203": 11_996}, mapping={"actor": "Actor1Code", "action": "action"})


def text(*checked, width=80, color=False, cases=3):
    return render(Format.text, checked, width=width, color=color, cases=cases)


# -- text -------------------------------------------------------------------------------------------------------------


def test_the_text_to_the_letter():
    clean = Checked(file="folder/clean file.parquet", form="Parquet", rows=1)
    assert (
        text(many(), clean)
        == """\
events.csv: CSV, separated by ';', windows-1252; 120 rows
  columns: actor <- Actor1Code

  EC203  unknown action code   error   12,000 times
    row 20, line 21, column action: 199 -> a code of CAMEO
      fix: look it up
    row 21, line 22, column action: 199 -> a code of CAMEO
      fix: look it up
    row 22, line 23, column action: 199 -> a code of CAMEO
      fix: look it up
    and 11,997 more (see the first 4 with --format csv, explain with:
      eventcode rule EC203)

  EC204  lost leading zero   error   2 rows
    row 1, line 2, column action: 42 -> 042
      fix: write 042
    row 2, line 3, column action: 42 -> 042
      fix: write 042

  EC101  missing column   error   once
    column source: no such column -> a column source
      fix: add the column source

  EC210  blanks around a value   warning   1 row
    row 9, line 10, column actor: ' AZE' -> 'AZE'
      fix: remove the blanks

folder/clean file.parquet: Parquet; 1 row

events.csv: 120 rows, 6 refused; 12,003 errors of 3 rules, 1 warning
3 problems can be repaired: eventcode validate events.csv --fix
folder/clean file.parquet: 1 row, no problems
explain a rule: eventcode rule EC203
"""
    )


def test_columns_are_told_where_names_differ():
    assert "columns" not in text(Checked(mapping={"actor": "actor"}))
    assert "  columns: actor <- Actor1Code, date <- day\\nof it\n" in text(Checked(mapping={"actor": "Actor1Code", "date": "day\nof it"}))


def test_a_file_that_cannot_be_read():
    broken = problem("EC002", None, line=None, column="", found="it ends early", expected="a whole file", fix="send it again")
    assert (
        text(Checked((broken,), form="", rows=0, readable=False))
        == """\
events.csv: not read

  EC002  damaged file   error   once
    the file: it ends early -> a whole file
      fix: send it again

events.csv: not read; 1 error
explain a rule: eventcode rule EC002
"""
    )


def test_only_warnings_refuse_nothing():
    assert summary(Checked((problem("EC318"),))) == "events.csv: 120 rows, none refused; 1 warning"


def test_one_problem_in_one_row():
    assert summary(Checked((problem(),), rows=1)) == "events.csv: 1 row, 1 refused; 1 error"
    assert "EC203  unknown action code   error   1 row\n" in text(Checked((problem(),)))
    assert "EC203  unknown action code   error   2 times\n" in text(Checked((problem(), problem(column="target"))))


def test_standard_input_is_not_repaired_by_a_command():
    assert "1 problem can be repaired in a file, with --fix\n" in text(Checked((problem("EC204"),), file="standard input"))


def test_commands_quote_names():
    said = text(Checked((problem("EC204"),), file="my events; rm -rf x.csv"))
    assert "1 problem can be repaired: eventcode validate 'my events; rm -rf x.csv' --fix\n" in said


@pytest.mark.parametrize("width", [40, 60, 80, 132])
def test_long_texts_are_wrapped_and_nothing_is_lost(width):
    long = "one of " + ", ".join(f"code{i}" for i in range(20))
    wide = problem(expected=long, fix="look it up with eventcode codes, or ask the people who made the file what they meant by it")
    said = text(Checked((wide,)), width=width)
    assert all(len(line) <= width for line in said.splitlines()[2:-3])
    assert long in re.sub(r"\n +", " ", said)
    assert not re.search(r" +$", said, re.MULTILINE)


def test_the_text_does_not_hang_on_the_terminal(monkeypatch):
    plain, colored = text(many()), text(many(), color=True)
    for name, value in {"COLUMNS": "20", "FORCE_COLOR": "1", "TERM": "dumb", "NO_COLOR": "1", "JPY_PARENT_PID": "1"}.items():
        monkeypatch.setenv(name, value)
        assert (text(many()), text(many(), color=True)) == (plain, colored)
    assert "\x1b" not in plain
    assert "\x1b[1;31merror\x1b[0m" in colored
    assert Text.from_ansi(colored).plain.rstrip("\n") == plain.rstrip("\n")


@pytest.mark.parametrize("color", [False, True])
@pytest.mark.parametrize("value", HOSTILE)
def test_values_are_shown_and_do_nothing(value, color):
    one = problem(found=value, column=value, expected=value, fix=value)
    said = text(Checked((one,), file=value[:200], form=value[:200], mapping={"actor": value}), width=100_000, color=color)
    if color:
        said = re.sub(r"\x1b\[[0-9;]*m", "", said)
    assert said.count(cut(value)) >= 4
    assert said.replace("\n", "").isprintable()
    assert len(said.splitlines()) == 9


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("", "(empty)"),
        ("a" * 60, "a" * 60),
        ("a" * 31 + "b" * 30, "a" * 30 + "…" + "b" * 29),
        ("\x1b" * 60, "\\x1b" * 7 + "…" + "\\x1b" * 7),
        ("Stepanakert\u00a0\u200b\udce9", "Stepanakert\\xa0\\u200b\\udce9"),
        ("\U000e0041", "\\U000e0041"),
        ("Ağdam, 阿格达姆, Ստեփանակերտ", "Ağdam, 阿格达姆, Ստեփանակերտ"),
    ],
)
def test_values_are_cut_in_the_middle(value, shown):
    assert cut(value) == shown


@given(st.text(), st.integers(1, 80))
def test_cut_values_are_short_and_visible(value, most):
    shown = cut(value, most)
    assert len(shown) <= most or shown == "(empty)"
    assert visible(shown) == shown


# -- what programs read -----------------------------------------------------------------------------------------------


def test_json_holds_every_problem_as_it_is():
    told = json.loads(render(Format.json, [many(), Checked((problem(found="\0\u2028"),))]))
    assert told == [p.as_dict() for p in (*many().problems, problem(found="\0\u2028"))]
    assert list(told[0]) == ["code", "severity", "file", "row", "line", "column", "found", "expected", "fix"]
    assert json.loads(render(Format.json, [Checked()])) == []


def test_csv_holds_every_problem_and_no_formula():
    odd = [problem(row=None, found=value, file="a,b\n=1.csv") for value in HOSTILE]
    rows = list(csv.DictReader(io.StringIO(render(Format.csv, [Checked(tuple(odd)), many()]), newline="")))
    assert list(rows[0]) == ["file", "row", "line", "column", "code", "severity", "title", "found", "expected", "fix"]
    assert [unescape(row["found"]) for row in rows[: len(odd)]] == list(HOSTILE)
    assert not [value for row in rows for value in row.values() if value.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]
    assert [row["row"] for row in rows[len(odd) :]] == ["", "1", "2", "9", "20", "21", "22", "23"]
    assert rows[-1] == {
        "file": "events.csv",
        "row": "23",
        "line": "24",
        "column": "action",
        "code": "EC203",
        "severity": "error",
        "title": "unknown action code",
        "found": "199",
        "expected": "a code of CAMEO",
        "fix": "look it up",
    }


def test_github_to_the_letter():
    missing = problem("EC101", None, column="source", found="", expected="a column source", fix="add it")
    odd = problem("EC210", 9, file="a,b: 100%.csv", found="50%\r\nof", line=12)
    assert render(Format.github, [Checked((missing, odd))]) == (
        "::error file=events.csv,line=1,title=EC101::missing column: column source: found (empty); expected a column source; add it\n"
        "::warning file=a%2Cb%3A 100%25.csv,line=12,title=EC210::blanks around a value: row 9, line 12, column action: "
        "found 50%25\\r%0Aof; expected a code of CAMEO; look it up\n"
    )
    assert render(Format.github, [Checked()]) == ""


@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_gives_no_command_to_github(value):
    odd = problem(found=value, column=value, expected=value, fix=value, file=value[:200])
    lines = re.split(r"[\r\n]", render(Format.github, [Checked((odd,))]))
    assert [line[:8] for line in lines] == ["::error ", ""]
    assert len(lines[0]) < 2000
    properties = re.fullmatch(r"::error file=([^,:]*),line=4,title=EC203::.*", lines[0], re.DOTALL)
    assert properties


def results(*checked):
    (run,) = json.loads(render(Format.sarif, checked))["runs"]
    return run["results"]


def test_sarif_has_the_parts_that_2_1_0_asks_for():
    log = json.loads(render(Format.sarif, [many()]))
    assert set(log) == {"$schema", "version", "runs"}
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    run = log["runs"][0]
    assert set(run) == {"tool", "invocations", "columnKind", "results"}
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("eventcode", VERSION)
    assert [rule["id"] for rule in driver["rules"]] == sorted(RULES)
    for rule in driver["rules"]:
        assert re.fullmatch(r"[A-Za-z0-9]+", rule["name"])
        assert rule["defaultConfiguration"] == {"level": RULES[rule["id"]].severity}
        for part in ("shortDescription", "fullDescription", "help"):
            assert set(rule[part]) == {"text"}
            assert rule[part]["text"]
    for result in run["results"]:
        assert set(result) == {"ruleId", "ruleIndex", "level", "message", "locations"}
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"error", "warning"}
        assert result["message"]["text"]
        (location,) = result["locations"]
        physical = location["physicalLocation"]
        assert physical["artifactLocation"] == {"uri": "events.csv"}
        assert physical["region"]["startLine"] >= 1
        assert all(set(logical) == {"name", "kind"} for logical in location["logicalLocations"])
    assert run["invocations"] == [
        {
            "executionSuccessful": True,
            "toolExecutionNotifications": [
                {"level": "note", "message": {"text": "events.csv: the first 4 of 12,000 problems of EC203 are listed"}}
            ],
        }
    ]


def test_sarif_says_where():
    assert results(Checked((problem("EC210", 9, line=None),))) == [
        {
            "ruleId": "EC210",
            "ruleIndex": 4,
            "level": "warning",
            "message": {"text": "row 9, column action: found 199; expected a code of CAMEO; look it up"},
            "locations": [
                {
                    "physicalLocation": {"artifactLocation": {"uri": "events.csv"}, "region": {"startLine": 1}},
                    "logicalLocations": [{"name": "row 9", "kind": "row"}, {"name": "action", "kind": "column"}],
                }
            ],
        }
    ]
    (whole,) = results(Checked((problem("EC002", None, line=7, column=""),)))
    assert whole["locations"] == [{"physicalLocation": {"artifactLocation": {"uri": "events.csv"}, "region": {"startLine": 7}}}]


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("my events.csv", "my%20events.csv"),
        ("./a/b.csv", "a/b.csv"),
        ("../a#1?.csv", "../a%231%3F.csv"),
        ("a:b,c%.csv", "a%3Ab%2Cc%25.csv"),
        ("Ağdam.csv", "A%C4%9Fdam.csv"),
        ("bad\udce9.csv", "bad%E9.csv"),
        ("/elsewhere/a b.csv", "file:///elsewhere/a%20b.csv"),
    ],
)
def test_sarif_names_files_as_uris(file, uri):
    (result,) = results(Checked((problem(file=file),)))
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri
    if "\udce9" not in file:
        assert unquote(uri).removeprefix("file://") == file.removeprefix("./")


def test_sarif_names_files_of_the_working_folder_relative_to_it(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (result,) = results(Checked((problem(file=str(tmp_path / "in" / "a b.csv")),)))
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "in/a%20b.csv"


@pytest.mark.parametrize("value", HOSTILE)
def test_sarif_messages_hold_no_link_and_no_argument(value):
    (result,) = results(Checked((problem(found=value, column=value),)))
    said = result["message"]["text"]
    assert "](" not in said
    assert not re.search(r"(?<!\{)(?:\{\{)*\{(?!\{)", said)
    assert said.isprintable()
    assert len(said) < 500


def test_limits_of_a_rule_are_told():
    (rule,) = [r for r in json.loads(render(Format.sarif, []))["runs"][0]["tool"]["driver"]["rules"] if r["id"] == "EC318"]
    assert rule["help"]["text"] == (
        "What EC318 looks for. As `a < b`.\n\nWrong: action: 42\nRight: action: 042\n\nFix: Mend it.\n\nLimit: days: 31\n\nLimit: codes: 01, 02"
    )
    assert '<p class="why">Limit: codes: 01, 02</p>' in render(Format.html, [Checked((problem("EC318"),))])


def test_sarif_tells_that_a_file_was_not_read():
    log = json.loads(render(Format.sarif, [Checked(), Checked((problem("EC002", None),), readable=False)]))
    assert log["runs"][0]["invocations"] == [{"executionSuccessful": False}]


def test_sarif_names_every_rule_of_the_catalogue(monkeypatch):
    monkeypatch.setattr(catalogue, "rules", lambda: REAL)
    described = json.loads(render(Format.sarif, [Checked()]))["runs"][0]["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in described] == sorted(REAL)
    assert len({rule["name"] for rule in described}) == len(REAL)
    for rule in described:
        assert re.fullmatch(r"[A-Za-z0-9]{1,255}", rule["name"])
        assert max(len(rule[part]["text"]) for part in ("shortDescription", "fullDescription")) <= 1024
        assert REAL[rule["id"]].fix.replace("{", "{{").replace("}", "}}") in rule["help"]["text"]


# -- the page ---------------------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """What a browser would make of a page: elements with attributes, tables as rows of cells, text; elements nest as they should."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.stack, self.tables, self.text = [], [], [], []
        self.feed(page)
        self.close()
        assert self.stack == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in {"meta", "link", "br", "img"}:
            self.stack.append(tag)
        if tag == "table":
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append([])
        if tag in {"td", "th"}:
            self.tables[-1][-1].append("")

    def handle_endtag(self, tag):
        assert self.stack.pop() == tag

    def handle_data(self, data):
        if "style" not in self.stack:
            self.text.append(data)
        if {"td", "th"} & set(self.stack):
            self.tables[-1][-1][-1] += data


def test_the_page_holds_a_table_a_rule():
    made = render(Format.html, [many(), Checked(file="<b>.csv")])
    page = Page(made)
    overview, *tables = page.tables
    assert overview == [
        ["file", "rows", "refused", "errors", "warnings"],
        ["events.csv", "120", "6", "12,003", "1"],
        ["<b>.csv", "120", "0", "0", "0"],
    ]
    assert [len(table) for table in tables] == [5, 3, 2, 2]
    assert tables[1] == [
        ["row", "line", "column", "found", "expected", "fix"],
        ["1", "2", "action", "42", "042", "write 042"],
        ["2", "3", "action", "42", "042", "write 042"],
    ]
    said = "".join(page.text)
    assert "EC203: the first 4 of 12,000" in said
    assert "events.csv: 120 rows, 6 refused; 12,003 errors of 3 rules, 1 warning" in said
    assert "3 problems can be repaired with --fix." in said
    assert "actor, from Actor1Code" in said
    assert '<p class="why">What EC203 looks for. As <code>a &lt; b</code>.</p>' in made


def test_the_page_loads_nothing_and_says_its_language():
    made = render(Format.html, [many()])
    page = Page(made)
    elements = Counter(tag for tag, _ in page.elements)
    assert not {"script", "link", "img", "iframe", "object", "form"} & set(elements)
    assert made.startswith('<!doctype html>\n<html lang="en">')
    assert "Problems found by eventcode validate" in page.text
    assert elements["h1"] == elements["main"] == elements["title"] == 1
    assert {attrs["href"] for tag, attrs in page.elements if tag == "a"} == {"#file-1"}
    assert "prefers-color-scheme: dark" in made
    assert not re.search(r"url\(|@import|https?:", made)


@pytest.mark.parametrize("value", HOSTILE)
def test_values_stay_text_on_the_page(value):
    plain = Page(render(Format.html, [Checked((problem(),), mapping={"actor": "x"})]))
    odd = problem(found=value, column=value, expected=value, fix=value)
    page = Page(render(Format.html, [Checked((odd,), file=value, form=value, mapping={"actor": value})]))
    assert page.elements == plain.elements
    assert page.tables[1][1][3] == cut(value, 300)


def test_the_page_shows_the_first_cases_only():
    page = Page(render(Format.html, [Checked(tuple(problem(row=row) for row in range(1, 1001)))]))
    assert len(page.tables[1]) == 501
    assert "EC203: the first 500 of 1,000" in page.text
    assert len(Page(render(Format.html, [many()], cases=1)).tables[1]) == 2


# -- all forms --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", Format)
def test_every_form_can_be_written_as_utf_8(form):
    odd = problem(found="\ud800", column="\udfff", expected="\udce9", fix="\udce9", file="bad\udce9.csv")
    made = render(form, [Checked((odd,), file="bad\udce9.csv", mapping={"actor": "\udce9"})])
    assert made.encode().endswith(b"\n")


@pytest.mark.parametrize("form", Format)
def test_every_form_of_nothing(form):
    assert (render(form, [Checked()]) == "") == (form is Format.github)


# -- cells of spreadsheets --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["=1+1", "+A1", "-struck", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "'=1", "''+x", "-1.5.2", "-1\n", "＝1"])
def test_a_formula_becomes_text(value):
    assert cell(value) == f"'{value}"


@pytest.mark.parametrize("value", ["", "a", "'tis", "-1.5", "+3", "-.5", "1e-5", "-1E+5", "a=b", "2020-10-09", "''"])
def test_other_text_stays(value):
    assert cell(value) == value


@given(st.one_of(st.text(), st.text("'=+-@\t\r\n1.e", max_size=6)))
def test_cells_come_back(value):
    assert unescape(cell(value)) == value
    assert not cell(value).startswith(("=", "@", "\t", "\r", "\n"))
