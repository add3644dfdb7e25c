"""The gate, told by folders: what was sent, and to the letter what the command answers.

`tests/cases/gate/EC203/wrong/` holds an input that breaks the rule, `right/` one that does not; folders of other names tell of several
things at once. Each has `input.EXT`, or is written by `made_inputs` or `made_releases`; `arguments.txt` where more than the input's name
follows `eventcode validate`; and `expected.txt`: the command, its output, its exit code. `UPDATE_GOLDEN=1 pytest tests/test_gate.py`
writes `expected.txt` anew; read the difference.
"""

import csv
import datetime as dt
import json
import os
import re
import shlex
import shutil
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import made_inputs
import made_releases
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import Ran
from openpyxl import load_workbook

from eventcode.contract.frames import pandera_schema, polars_schema
from eventcode.contribute import gate
from eventcode.contribute.gate import Against, examine, validate
from eventcode.contribute.read import read
from eventcode.contribute.report import Format, render
from eventcode.contribute.rules import rules
from eventcode.errors import InputError
from eventcode.model.column import columns
from eventcode.model.tables import Contribution

FOLDER = Path(__file__).parent / "cases" / "gate"
TODAY = "2026-11-22"
MADE = {**made_inputs.MADE, **made_releases.MADE}
CASES = sorted(
    {
        path.parent.relative_to(FOLDER).as_posix()
        for path in FOLDER.rglob("*")
        if re.match(r"(expected\.txt|arguments\.txt|input\.)", path.name)
    }
    | set(MADE)
)
HEADER = "actor,action,target,date,source,coder\n"
LINE = "AZE,190,NKR,2020-10-09,valley-1,person:anna\n"
RULES = pytest.mark.parametrize("code", sorted(rules()))


def placed(name, tmp_path):
    """A copy of a case's folder, with its input."""
    folder = tmp_path / "case"
    if (FOLDER / name).is_dir():
        shutil.copytree(FOLDER / name, folder)
    else:
        folder.mkdir()
    if name in MADE:
        MADE[name](folder)
    return folder


def arguments(folder):
    given = folder / "arguments.txt"
    inputs = sorted(path.name for path in folder.glob("input.*"))
    return shlex.split(given.read_text(encoding="utf-8")) if given.is_file() else inputs or ["input.csv"]


# -- the cases --------------------------------------------------------------------------------------------------------


class Answer(NamedTuple):
    """What the command answered to a case, and what the gate gave it: each file with the arguments of `examine` and the result."""

    args: list[str]
    folder: Path
    ran: Ran
    gave: list[tuple[str, Against, dict[str, object], gate.Checked]]


ANSWERS: dict[str, Answer] = {}


@pytest.fixture
def answer(request, eventcode, monkeypatch, tmp_path):
    """The answer to a case; each is asked for once."""
    name = request.param
    if name not in ANSWERS:
        folder, gave = placed(name, tmp_path), []

        def examined(path, against, **how):
            checked = examine(path, against, **how)
            gave.append((path, against, {key: how[key] for key in ("encoding", "sheet") if key in how}, checked))
            return checked

        with monkeypatch.context() as patch:
            patch.setattr(gate, "examine", examined)
            ran = eventcode("validate", "--today", TODAY, *arguments(folder), folder=folder)
        ANSWERS[name] = Answer(arguments(folder), folder, ran, gave)
    return ANSWERS[name]


def named(request):
    return request.node.callspec.params["answer"]


@pytest.mark.parametrize("answer", CASES, indirect=True)
def test_the_command_answers_to_the_letter(answer, request):
    ran = answer.ran
    said = f"$ eventcode validate {shlex.join(answer.args)}\n{ran.out}{ran.err}exit {ran.code}\n"
    expected = FOLDER / named(request) / "expected.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        expected.parent.mkdir(parents=True, exist_ok=True)
        expected.write_text(said, encoding="utf-8", newline="\n")
    assert said == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("answer", CASES, indirect=True)
def test_a_problem_says_what_was_found_what_is_expected_and_the_fix(answer, request):
    if not answer.gave:
        assert answer.ran.out == ""
        assert re.fullmatch(r"eventcode: [^\n]+\n", answer.ran.err)
        return
    files = [checked for *_, checked in answer.gave]
    problems = json.loads(render(Format.json, files))
    for problem in problems:
        assert problem["severity"] == rules()[problem["code"]].severity
        assert problem["expected"], problem
        assert problem["fix"], problem
        assert problem["found"] or problem["column"] or problem["code"] == "EC104", problem
    for checked in files:
        rows = [problem.row or 0 for problem in checked.problems]
        assert rows == sorted(rows)
    counted = problems if "--strict" in answer.args else [problem for problem in problems if problem["severity"] == "error"]
    assert answer.ran.code == (int(bool(counted)) if all(checked.readable for checked in files) else 2)
    code, _, kind = named(request).partition("/")
    if re.fullmatch(r"EC\d{3}", code):
        assert (code in {problem["code"] for problem in problems}) is kind.startswith("wrong"), problems


@RULES
def test_a_rule_has_a_case_that_breaks_it_and_one_that_does_not(code):
    assert {f"{code}/wrong", f"{code}/right"} <= set(CASES)


@RULES
def test_a_rule_is_explained(code, eventcode):
    rule = rules()[code]
    ran = eventcode("rule", code)
    assert ran.code == 0
    for text in (code, rule.title, rule.severity, rule.what, rule.why, rule.wrong, rule.right):
        assert text
        assert text in ran.out
    assert eventcode("rule", code.lower()).out == ran.out


# -- the gate as a function -------------------------------------------------------------------------------------------


def sent(tmp_path, text, name="input.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def told(checked):
    return [(problem.row, problem.column, problem.code) for problem in checked.problems]


def test_a_clean_contribution_gives_typed_rows():
    checked = validate(FOLDER / "clean" / "input.csv")
    assert (checked.rows, checked.refused, checked.errors, checked.problems) == (4, 0, 0, ())
    assert checked.frame["action"].to_list() == ["190", "194", "042", "010"]
    assert checked.frame["date"].to_list() == [dt.date(2020, 10, 9), dt.date(2020, 10, 9), None, dt.date(2020, 10, 10)]
    assert checked.frame["deaths_best"].to_list() == [3, None, None, 0]
    assert pandera_schema(Contribution).validate(checked.frame) is not None
    assert [Contribution.model_validate(row).model_dump() for row in checked.frame.to_dicts()] == checked.frame.to_dicts()


def test_rows_are_kept_where_they_are_asked_for(tmp_path):
    path = sent(tmp_path, HEADER + LINE * 2)
    kept, not_kept = (examine(path, Against(), keep=keep) for keep in (True, False))
    assert (kept.frame.height, not_kept.frame.height) == (2, 0)
    assert kept.frame.schema == not_kept.frame.schema == polars_schema(Contribution)
    assert kept.problems == not_kept.problems
    assert kept.refused_rows.to_list() == [2]


def test_all_problems_are_counted_and_some_are_kept(tmp_path):
    path = sent(tmp_path, HEADER + "".join(f"aze,199,NKR,2020-10-09,v-{i},person:anna\n" for i in range(9)))
    for size in (2, 100):
        checked = examine(path, Against(), limit=3, size=size)
        assert checked.counts["EC203"] == checked.counts["EC206"] == 9
        assert Counter(code for _, _, code in told(checked))["EC203"] == 3
        assert (checked.errors, checked.refused, checked.repairable) == (18, 9, 9)
        assert examine(path, Against(), limit=0, size=size).problems == ()
        assert len(examine(path, Against(), limit=None, size=size).problems) == 18


def test_only_rules_that_are_asked_for_count(tmp_path):
    path = sent(tmp_path, HEADER + "aze,199,NKR,2020-10-09,v-1,\n" + LINE * 2)
    checked = examine(path, Against(active={"EC203"}))
    assert (dict(checked.counts), checked.refused) == ({"EC203": 1}, 1)
    checked = examine(path, Against(active={"EC423"}))
    assert (dict(checked.counts), checked.refused) == ({"EC423": 1}, 0)


# -- the gate and the model -------------------------------------------------------------------------------------------

UNREAD = {"EC202", "EC221", "EC222", "EC223", "EC220", "EC231", "EC301", "EC302", *(f"EC{n}" for n in range(307, 315))}
"""A cell that cannot be read as its column's type; it is null in the typed rows."""
BEYOND = {"EC230", "EC306", "EC315", "EC319", "EC401", "EC402", "EC403", "EC407", "EC418", "EC420", "EC501", "EC502", "EC504"}
"""Errors that the model does not know: over several cells or rows, or the article."""


def agrees(path):
    """The gate refuses a row exactly where the model does, or where a cell could not be read, or for a rule beyond the model."""
    checked = validate(path)
    refused = set(checked.refused_rows)
    codes = {}
    for problem in checked.problems:
        if problem.severity == "error" and problem.row is not None:
            codes.setdefault(problem.row, []).append(problem)
    assert set(codes) == refused
    for number, row in zip(read(path).rows, checked.frame.to_dicts(), strict=True):
        try:
            Contribution.model_validate(row)
        except ValueError:
            assert number in refused, row
        else:
            for problem in codes.get(number, ()):
                assert problem.code in UNREAD | BEYOND or row[problem.column] is None, problem
        for column, times in Counter(problem.column for problem in codes.get(number, ())).items():
            assert times == 1, (column, codes[number])
    return checked.rows


@pytest.mark.parametrize(
    "name", ["clean", "warnings_only", "aliases", "dates", "duplicates", "numbers", "offsets", "unknown_codes", "values"]
)
def test_the_gate_and_the_model_agree_on_the_cases(name):
    assert agrees(FOLDER / name / "input.csv") > 0


ODD = (
    "", " ", "NA", "42", "0", "1", "-1", "1.5", "3.0", "1e3", "0,8", "1,200", "85%", "five", "9" * 30, "2020-10-09", "2020-02-30", "09/10/2020",
    "25/12/2020", "44113", "aze", "AZE", "AZEXYZ", "AZE-MIL", "AZ", "AZE;ARM", "Azerbaijan", "asserted", "Asserted", "inf", "nan", "day", "x" * 250,
    "\u0410ZE", "a\u00a0b", "\u00a0", "=1+1", "https://example.org/a", "doi:10.1", "\u0665", "-", "'", "\t", "1970-01-01",
)  # fmt: skip


@pytest.mark.parametrize("column", [c.name for c in columns(Contribution)])
def test_the_gate_and_the_model_agree_on_odd_cells(column, tmp_path):
    rows = [
        {"actor": "AZE", "action": "190", "target": "NKR", "date": "2020-10-09", "source": f"v-{i}", "coder": "person:anna", column: value}
        for i, value in enumerate(ODD)
    ]
    with (tmp_path / "input.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    assert agrees(tmp_path / "input.csv") == len(ODD)


MUST = {
    "actor": ["AZE"] * 4, "action": ["190"] * 4, "target": ["NKR"] * 4, "date": [dt.date(2020, 10, 9)] * 4,
    "source": [f"v-{i}" for i in range(4)],
}  # fmt: skip
TYPED = {
    pa.int64(): [1, 190, None, 2**62],
    pa.float64(): [1.0, 0.5, float("nan"), 1e300],
    pa.date32(): [dt.date(2020, 10, 9), None] * 2,
    pa.bool_(): [True, False, None, True],
    pa.timestamp("us"): [dt.datetime(2020, 10, 9), None] * 2,  # noqa: DTZ001
    pa.int8(): [1, 2, None, 3],
    pa.null(): [None] * 4,
}


@pytest.mark.parametrize("names", [tuple(MUST), tuple(c.name for c in columns(Contribution) if c.name not in MUST)], ids=["must", "may"])
@pytest.mark.parametrize("kind", TYPED, ids=str)
def test_columns_of_any_type_are_read(names, kind, tmp_path):
    """A program may send any column as any type; nothing of it may end in an exception, or be lost without a word."""
    pq.write_table(pa.table(MUST | {name: pa.array(TYPED[kind], kind) for name in names}), tmp_path / "input.parquet")
    checked = validate(tmp_path / "input.parquet")
    assert checked.frame.schema == polars_schema(Contribution)
    noted = {(problem.row, problem.column) for problem in checked.problems}
    for name in names:
        for row, (value, kept) in enumerate(zip(TYPED[kind], checked.frame[name], strict=True), start=1):
            assert kept is not None or value is None or value != value or (row, name) in noted, (name, value)
    agrees(tmp_path / "input.parquet")


# -- batches ----------------------------------------------------------------------------------------------------------

SPANNING = {"EC106", "EC107", "EC228", "EC404", "EC503", "EC508", "EC509", "EC510", "EC604", "EC605"}
"""Rules over several rows that are looked for within a batch."""


@pytest.mark.parametrize("answer", CASES, indirect=True)
def test_small_batches_tell_the_same(answer, monkeypatch):
    monkeypatch.chdir(answer.folder)
    for path, against, how, whole in answer.gave:
        parts = examine(path, against, size=2, keep=False, **how)
        counts = [{code: count for code, count in each.counts.items() if code not in SPANNING} for each in (parts, whole)]
        assert counts[0] == counts[1]
        within = [[problem for problem in each.problems if problem.code not in SPANNING] for each in (parts, whole)]
        assert within[0] == within[1]
        assert parts.refused_rows.to_list() == whole.refused_rows.to_list()
        if whole.readable:
            assert (parts.rows, parts.mapping, parts.form) == (whole.rows, whole.mapping, whole.form)


# -- what is told -----------------------------------------------------------------------------------------------------


def test_six_problems_are_all_told():
    """The problems that the gate was built for, in one file."""
    assert told(validate(FOLDER / "six_problems" / "input.csv")) == [
        (None, "source", "EC101"),
        (2, "action", "EC203"),
        (3, "action", "EC204"),
        (4, "date", "EC301"),
        (5, "actor", "EC206"),
        (6, "", "EC501"),
    ]


def test_a_problem_is_plain_data():
    problem = validate(FOLDER / "six_problems" / "input.csv").problems[0]
    assert problem.as_dict() == {
        "code": "EC101",
        "severity": "error",
        "file": str(FOLDER / "six_problems" / "input.csv"),
        "row": None,
        "line": None,
        "column": "source",
        "found": "no such column",
        "expected": "a column source: Article the event is known from: its id.",
        "fix": "add the column source",
    }


@pytest.mark.parametrize(
    "row",
    [
        "aze,190,NKR,2020-10-09,a",
        "AZE,42,NKR,2020-10-09,a",
        "AZE,190,NKR,2020-02-30,a",
        "AZE,190,NKR,1500-01-01,a",
        "AZE,,NKR,2020-10-09,a",
        "azexyz,190,,2020-10-09,a",
        "Azerbaijan,190,NKR,2020-10-09,a",
        "AZE,190,NKR,2020-10-09,two words",
        "AZE,190,NKR,09/10/2020,a",
        "AZE,ASSAULT,NKR,2020-10-09,a",
        " AZE,190,NKR,2020-10-09,a",
        "AZE,190,NA,2020-10-09,a",
        ",190,,2020-10-09,a",
        "AZE,190\0,NKR,2020-10-09,a",
    ],
)
def test_one_wrong_cell_is_told_once(row, tmp_path):
    """What is missing, unreadable or unknown must not be told again by a later rule."""
    assert len(validate(sent(tmp_path, f"{HEADER}{LINE}{row},person:anna\n")).problems) == 1


def test_a_row_that_was_left_out_keeps_its_number(tmp_path):
    checked = validate(sent(tmp_path, HEADER + LINE + "AZE,190\n\n" + LINE.replace("190", "42").replace("valley-1", "v-2")))
    assert [(p.row, p.line, p.code) for p in checked.problems] == [(2, 3, "EC007"), (3, 5, "EC204")]
    assert checked.refused_rows.to_list() == [2, 3]


def test_a_folder_is_no_contribution(tmp_path):
    (tmp_path / "input.csv").mkdir()
    with pytest.raises(InputError, match="this is a folder"):
        validate(tmp_path / "input.csv")


def test_many_rows_pass_in_one_go(tmp_path):
    """The checks are vectorised: a hundred thousand rows take a moment."""
    days = (pl.date(2020, 1, 1) + pl.duration(days=pl.col("i") % 300)).cast(pl.String)
    rows = pl.DataFrame({"i": range(100_000)}).select(
        actor=pl.lit("AZE"),
        action=pl.when(pl.col("i") % 2 == 0).then(pl.lit("190")).otherwise(pl.lit("042")),
        target=pl.lit("NKR"),
        date=days,
        source=pl.format("a-{}", "i"),
        coder=pl.lit("person:anna"),
    )
    rows.write_csv(tmp_path / "input.csv")
    checked = validate(tmp_path / "input.csv")
    assert (checked.rows, checked.problems) == (100_000, ())


# -- repairs ----------------------------------------------------------------------------------------------------------

REPAIRED = sorted(code for code, rule in rules().items() if rule.repaired)


def log_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def as_text(value):
    return None if value is None or value == "" else str(value)


def cells(path, sheet=None):
    """The cells of a file by number of the row and name of the column."""
    raw = read(path, sheet=sheet)
    return {
        number: {name: as_text(value) for name, value in row.items()} for number, row in zip(raw.rows, raw.frame.to_dicts(), strict=True)
    }


@pytest.mark.parametrize("code", REPAIRED)
def test_a_repair_mends_what_is_certain_and_nothing_else(code, eventcode, tmp_path):
    folder = placed(f"{code}/wrong", tmp_path)
    args = arguments(folder)
    (file,) = (folder / arg for arg in args if arg.startswith("input."))
    given = file.read_bytes()
    against = ["--today", TODAY, *args]
    before = json.loads(eventcode("validate", "--format", "json", *against, folder=folder).out)
    ran = eventcode("validate", "--format", "json", "--fix", *against, folder=folder)
    assert file.read_bytes() == given
    copy, log = next(folder.glob("input.fixed.*")), folder / "input.fixes.csv"
    repairs = log_of(log)
    assert f"{file.name}: {len(repairs)} repairs; copy {copy.name}, log {log.name}\n" in ran.err
    mine = [entry for entry in repairs if entry["code"] == code]
    assert mine
    left = [problem for problem in json.loads(ran.out) if problem["code"] == code]
    ends = sum(entry["column"] == "end" and code == "EC401" for entry in mine)
    assert len(left) == sum(problem["code"] == code for problem in before) - len(mine) + ends
    mapping = validate(file).mapping
    wanted = cells(file)
    for entry in repairs:
        if entry["becomes"] == "(removed)":
            del wanted[int(entry["row"])]
        else:
            wanted[int(entry["row"])][mapping[entry["column"]]] = as_text(entry["becomes"])
    assert list(cells(copy).values()) == list(wanted.values())
    assert read(copy).frame.columns == read(file).frame.columns
    written = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    again = eventcode("validate", "--fix", *against, folder=folder)
    assert (again.code, again.out) == (2, "")
    assert "this file is there already" in again.err
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == written


def test_repairs_of_one_cell_follow_each_other(eventcode, tmp_path):
    sent(tmp_path, HEADER + ' aze ,190 ," nkr",2020-10-09,a,person:anna\n\u00a0aze-mil,42\u00a0,NA,25/12/2020 ,b,person:anna\n')
    ran = eventcode("validate", "--fix", "input.csv", folder=tmp_path)
    assert ran.code == 0
    rows = (tmp_path / "input.fixed.csv").read_text(encoding="utf-8")
    assert rows == HEADER + "AZE,190,NKR,2020-10-09,a,person:anna\nAZEMIL,042,,2020-12-25,b,person:anna\n"
    log = [
        (entry["row"], entry["column"], entry["code"], entry["found"], entry["becomes"]) for entry in log_of(tmp_path / "input.fixes.csv")
    ]
    assert log[:3] == [
        ("1", "action", "EC210", "'190 '", "190"),
        ("1", "actor", "EC210", "' aze '", "aze"),
        ("1", "actor", "EC206", "aze", "AZE"),
    ]


def test_exact_duplicates_are_removed_and_no_others(eventcode, tmp_path):
    sent(tmp_path, HEADER.strip() + ",note\n" + "".join(f"{LINE.strip()},{note}\n" for note in ("x", "x", "y")))
    ran = eventcode("validate", "--fix", "--format", "json", "input.csv", folder=tmp_path)
    assert ran.code == 1
    assert [(problem["row"], problem["code"]) for problem in json.loads(ran.out)] == [(2, "EC501")]
    assert [entry["becomes"] for entry in log_of(tmp_path / "input.fixes.csv")] == ["(removed)"]
    assert (tmp_path / "input.fixed.csv").read_text(encoding="utf-8").count("AZE") == 2


def test_rows_that_could_not_be_read_are_told(eventcode, tmp_path):
    sent(tmp_path, HEADER + LINE + "AZE,190\n")
    ran = eventcode("validate", "--fix", "input.csv", folder=tmp_path)
    assert ran.code == 1
    assert "1 rows or cells could not be read and are not in the copy" in ran.err
    assert [(entry["row"], entry["code"], entry["becomes"]) for entry in log_of(tmp_path / "input.fixes.csv")] == [
        ("2", "EC007", "(left out)")
    ]


def test_formulas_are_escaped_in_the_copy_and_in_the_log(eventcode, tmp_path):
    path = sent(tmp_path, f'{HEADER.strip()},note,=odd\n{LINE.strip()}," =1+1",@x\n')
    assert eventcode("validate", "--fix", "input.csv", folder=tmp_path).code == 0
    assert (tmp_path / "input.fixed.csv").read_text(encoding="utf-8") == f"{HEADER.strip()},note,'=odd\n{LINE.strip()},'=1+1,'@x\n"
    assert log_of(tmp_path / "input.fixes.csv")[0]["becomes"] == "'=1+1"
    assert path.read_text(encoding="utf-8").endswith(' =1+1",@x\n')


def test_a_workbook_is_repaired_as_a_workbook(eventcode, tmp_path):
    made_inputs.MADE["EC204/wrong-2"](tmp_path)
    assert eventcode("validate", "--fix", "input.xlsx", folder=tmp_path).code == 0
    sheet = load_workbook(tmp_path / "input.fixed.xlsx").active
    assert [[cell.value for cell in row] for row in sheet.iter_rows()][1] == ["AZEMIL", "042", *made_inputs.ROW[2:]]


def test_a_copy_breaks_no_rule_that_the_file_did_not(eventcode, tmp_path):
    """Line ends of all kinds within cells, and columns in which nothing stands."""
    with (tmp_path / "input.csv").open("w", encoding="utf-8", newline="") as file:
        file.write(f'{HEADER.strip()},note\n{LINE.strip().lower()},"one\rtwo\nthree\r\nfour "\n')
    assert eventcode("validate", "--fix", "--ignore", "EC203", "input.csv", folder=tmp_path).code == 0
    assert cells(tmp_path / "input.fixed.csv")[1]["note"] == "one\rtwo\nthree\r\nfour"
    row = {"actor": "aze", "action": 190, "target": None, "date": "2020-10-09", "source": "a", "coder": "person:anna"}
    (tmp_path / "other.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    ran = eventcode("validate", "--fix", "--format", "json", "other.jsonl", folder=tmp_path)
    assert json.loads(ran.out) == []


def test_a_name_with_nul_is_no_crash(tmp_path):
    checked = validate(sent(tmp_path, '{"act\\u0000or": "AZE"}\n', "input.jsonl"))
    assert checked.counts["EC101"] >= 4


@pytest.mark.parametrize("ending", ["jsonl", "json", "parquet", "tsv", "dta"])
def test_other_forms_are_repaired(ending, eventcode, tmp_path):
    import pandas as pd

    frame = pd.DataFrame({"actor": ["aze"], "action": [42], "target": ["NKR"], "date": ["2020-10-09"], "source": ["a"], "colour": ["red"]})
    path = tmp_path / f"input.{ending}"
    {
        "jsonl": lambda: frame.to_json(path, orient="records", lines=True),
        "json": lambda: frame.to_json(path, orient="records"),
        "parquet": lambda: frame.to_parquet(path),
        "tsv": lambda: frame.to_csv(path, sep="\t", index=False),
        "dta": lambda: frame.to_stata(path, write_index=False),
    }[ending]()
    assert eventcode("validate", "--fix", "--ignore", "EC102,EC423", path.name, folder=tmp_path).code == 0
    (copy,) = tmp_path.glob("input.fixed.*")
    assert cells(copy) == {1: {"actor": "AZE", "action": "042", "target": "NKR", "date": "2020-10-09", "source": "a", "colour": "red"}}


# -- what reviews found ---------------------------------------------------------------------------------------------


def test_rows_that_differ_in_a_column_that_the_contract_does_not_know_are_no_repetition(eventcode, tmp_path):
    sent(tmp_path, HEADER.strip() + ",comment\n" + "".join(f"{LINE.strip()},{words}\n" for words in ("first", "second")))
    eventcode("validate", "--fix", "input.csv", folder=tmp_path)
    assert "second" in (tmp_path / "input.fixed.csv").read_text(encoding="utf-8")


def test_columns_may_have_any_name(eventcode, tmp_path):
    sent(tmp_path, HEADER.strip() + ",__row,__new\n" + LINE.strip().replace("190", "42") + ",5,6\n")
    assert eventcode("validate", "--fix", "input.csv", folder=tmp_path).code == 0
    row = cells(tmp_path / "input.fixed.csv")[1]
    assert (row["action"], row["__row"], row["__new"]) == ("042", "5", "6")


def test_an_escaped_cell_is_escaped_once(eventcode, tmp_path):
    sent(tmp_path, HEADER.strip() + ",note\n" + LINE.strip().replace("190", "42") + ",'=x\n")
    eventcode("validate", "--fix", "input.csv", folder=tmp_path)
    assert ",'=x" in (tmp_path / "input.fixed.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(("found", "code"), [("0000-01-01", "EC301"), ("9 ſept 2020", "EC314"), ("0000-02-30", "EC301")])
def test_odd_dates_are_no_crash(tmp_path, found, code):
    assert validate(sent(tmp_path, HEADER + LINE.replace("2020-10-09", found))).counts[code] == 1


def test_a_folder_without_contributions_is_no_clean_one(eventcode, tmp_path):
    ran = eventcode("validate", str(tmp_path))
    assert (ran.code, "no contribution in this folder" in ran.err) == (2, True)


def test_two_files_are_not_repaired_into_one(eventcode, tmp_path):
    for name in ("a.csv", "a.tsv"):
        sent(tmp_path, HEADER + LINE, name)
    ran = eventcode("validate", "--fix", "a.csv", "a.tsv", folder=tmp_path)
    assert (ran.code, "two files would be repaired to this one" in ran.err) == (2, True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "a.tsv"]
