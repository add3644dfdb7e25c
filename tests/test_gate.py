"""The gate, told by folders: what was sent, and to the letter what the command answers.

`tests/cases/gate/<name>/` holds `input.csv` or `input.jsonl` and `expected.txt`: the command, its output, its exit code. Inputs
that are no text are made here. `UPDATE_GOLDEN=1 pytest tests/test_gate.py` writes `expected.txt` anew; read the difference.
"""

import datetime as dt
import io
import os
import re
import shutil
from functools import cache
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from eventcode.contract.frames import pandera_schema
from eventcode.contribute.gate import validate
from eventcode.contribute.read import read
from eventcode.contribute.rules import rules
from eventcode.errors import InputError
from eventcode.model.column import columns
from eventcode.model.tables import Contribution

FOLDER = Path(__file__).parent / "cases" / "gate"
CASES = sorted(path.name for path in FOLDER.iterdir())
HEADER = "actor,action,target,date,source\n"
LINE = "AZE,190,NKR,2020-10-09,karabakh-1\n"


def _parquet() -> bytes:
    table = pa.table(
        {
            "actor": pa.array(["AZE", "aze", "AZE"]).dictionary_encode(),
            "action": pa.array([190, 42, None], pa.int64()),
            "target": pa.array(["NKR", None, "NKR"], pa.large_string()),
            "date": pa.array([dt.date(2020, 10, 9), None, dt.date(1500, 1, 1)]),
            "date_end": pa.array([dt.datetime(2020, 10, 9), None, dt.datetime(2020, 10, 9, 14)], pa.timestamp("us", "UTC")),  # noqa: DTZ001
            "source": ["karabakh-1", "karabakh-1", ""],
            "deaths_best": pa.array([3.0, None, 2.5], pa.float64()),
            "confidence": pa.array([0.5, float("nan"), 1.5], pa.float64()),
        }
    )
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


MADE = {
    "picture": ("input.csv", lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
    "zipped": ("input.csv", lambda: b"PK\x03\x04" + b"\0" * 26),
    "not_utf8": ("input.csv", lambda: (HEADER + LINE).encode() + "AZE,190,NKR,2020-10-09,Bucureşti\n".encode("iso-8859-2")),
    "utf16": ("input.csv", lambda: (HEADER + LINE).encode("utf-16")),
    "byte_order_mark": ("input.csv", lambda: (HEADER + LINE).replace("\n", "\r\n").encode("utf-8-sig")),
    "empty": ("input.csv", lambda: b"\n"),
    "wrong_ending": ("input.xlsx", lambda: b"PK\x03\x04"),
    "parquet": ("input.parquet", _parquet),
    "parquet_broken": ("input.parquet", lambda: b"PAR1 and no more"),
    "line_separators": (
        "input.jsonl",
        lambda: '{"actor":"AZE","action":"190","date":"2020-10-09","source":"a","trigger":"one\u2028\x85two","start":0,"end":8,"target":""}\r\n'.encode(),
    ),
}  # fmt: skip
"""Inputs that are no text, or whose line ends matter, by case."""


@pytest.fixture
def case(request, tmp_path):
    """A copy of a case's folder, with its input."""
    folder = tmp_path / "case"
    shutil.copytree(FOLDER / request.param, folder)
    if request.param in MADE:
        name, make = MADE[request.param]
        (folder / name).write_bytes(make())
    return folder


def arguments(folder):
    given = folder / "arguments.txt"
    inputs = sorted(path.name for path in folder.glob("input.*"))
    return given.read_text(encoding="utf-8").split() if given.is_file() else inputs or ["input.csv"]


@cache
def expected(name):
    return (FOLDER / name / "expected.txt").read_text(encoding="utf-8")


# -- the cases --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES, indirect=True)
def test_the_command_answers_to_the_letter(case, eventcode, request):
    name = request.node.callspec.params["case"]
    ran = eventcode("validate", *arguments(case), folder=case)
    said = f"$ eventcode validate {' '.join(arguments(case))}\n{ran.out}{ran.err}exit {ran.code}\n"
    if os.environ.get("UPDATE_GOLDEN"):
        (FOLDER / name / "expected.txt").write_text(said, encoding="utf-8", newline="\n")
        expected.cache_clear()
    assert said == expected(name)
    if ran.code == 2:
        assert ran.out == ""
        assert re.fullmatch(r"eventcode: [^\n]+\n", ran.err)
    else:
        assert ran.err == ""


def heads(name):
    """File, row, column and rule of each problem of a case."""
    return re.findall(r"^(input\.\w+): (?:row (\d+)|the file)(?:, column ([^:]+))?: (EC\d+) (\w+): .+$", expected(name), re.MULTILINE)


def test_six_problems_are_all_told():
    """The problems that the gate was built for, in one file: each with row, column, what was found, expected, and the fix."""
    assert [head[1:4] for head in heads("six_problems")] == [
        ("", "source", "EC101"),
        ("2", "action", "EC203"),
        ("3", "action", "EC204"),
        ("4", "date", "EC301"),
        ("5", "actor", "EC206"),
        ("6", "", "EC501"),
    ]
    assert expected("six_problems").endswith("exit 1\n")


@pytest.mark.parametrize("name", CASES)
def test_every_problem_says_what_was_found_and_expected_and_the_fix(name):
    problems = len(heads(name))
    for word in ("found", "expected", "fix"):
        assert len(re.findall(rf"^    {word} +\S", expected(name), re.MULTILINE)) == problems


@pytest.mark.parametrize("name", CASES)
def test_the_exit_code_says_how_it_went(name):
    severities = {head[4] for head in heads(name)}
    code = int(expected(name).rsplit("exit ", 1)[1])
    assert code in ({1} if "error" in severities else {0, 2} if not severities else {0})


@pytest.mark.parametrize("code", sorted(rules()))
def test_every_rule_is_hit_by_a_case(code):
    hit = [name for name in CASES if code in {head[3] for head in heads(name)}]
    assert hit


@pytest.mark.parametrize("code", sorted(rules()))
def test_a_rule_is_explained(code, eventcode):
    rule = rules()[code]
    assert re.fullmatch(r"EC[1-9]\d\d", code)
    assert rule.severity in {"error", "warning"}
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


def test_a_clean_contribution_gives_typed_rows():
    checked = validate(FOLDER / "clean" / "input.csv")
    assert (checked.rows, checked.errors, checked.problems) == (4, 0, ())
    assert checked.frame["action"].to_list() == ["190", "194", "042", "010"]
    assert checked.frame["date"].to_list() == [dt.date(2020, 10, 9), dt.date(2020, 10, 9), None, dt.date(2020, 10, 10)]
    assert checked.frame["deaths_best"].to_list() == [3, None, None, 0]
    assert pandera_schema(Contribution).validate(checked.frame) is not None
    assert [Contribution.model_validate(row).model_dump() for row in checked.frame.to_dicts()] == checked.frame.to_dicts()


def agrees(path):
    """The gate finds no error in a row exactly where the model accepts what the gate read."""
    checked = validate(path)
    unread = {problem.row for problem in checked.problems if problem.code in {"EC202", "EC301", "EC302"}}
    across = {problem.row for problem in checked.problems if problem.code in {"EC306", "EC501"}}  # beyond one cell and one row
    errors = {problem.row for problem in checked.problems if problem.severity == "error"}
    assert None not in errors
    for number, row in zip(read(path).rows, checked.frame.to_dicts(), strict=True):
        try:
            Contribution.model_validate(row)
        except ValueError:
            assert number in errors, row
        else:
            assert (number in errors) == (number in unread | across), row
    return checked.rows


@pytest.mark.parametrize(
    "name", ["clean", "warnings_only", "aliases", "dates", "duplicates", "numbers", "offsets", "unknown_codes", "values"]
)
def test_the_gate_and_the_model_agree_on_the_cases(name):
    assert agrees(FOLDER / name / "input.csv") > 0


ODD = (
    "",
    " ",
    "NA",
    "42",
    "0",
    "1",
    "-1",
    "1.5",
    "3.0",
    "2020-10-09",
    "2020-02-30",
    "aze",
    "AZE",
    "AZEXYZ",
    "asserted",
    "inf",
    "day",
    "x" * 250,
)


@pytest.mark.parametrize("column", [c.name for c in columns(Contribution)])
def test_the_gate_and_the_model_agree_on_odd_cells(column, tmp_path):
    rows = [{"actor": "AZE", "action": "190", "target": "NKR", "date": "2020-10-09", "source": f"a-{i}"} for i in range(len(ODD))]
    odd = [row | {column: value} for row, value in zip(rows, ODD, strict=True)]
    assert agrees(sent(tmp_path, "\n".join([",".join(odd[0]), *(",".join(row.values()) for row in odd)]))) == len(ODD)


def test_problems_come_in_the_order_of_the_rows():
    rows = [problem.row or 0 for problem in validate(FOLDER / "dates" / "input.csv").problems]
    assert rows == sorted(rows)
    assert len(set(rows)) > 5


def test_a_problem_is_plain_data():
    problem = validate(FOLDER / "six_problems" / "input.csv").problems[0]
    assert problem.as_dict() == {
        "code": "EC101",
        "severity": "error",
        "file": str(FOLDER / "six_problems" / "input.csv"),
        "row": None,
        "column": "source",
        "found": "no such column",
        "expected": "a column source: Article the event is known from: its id.",
        "fix": "add the column source",
    }


def test_one_wrong_cell_is_told_once(tmp_path):
    """Missing, unreadable or unknown values must not be told again by a later rule."""
    for row in (
        "aze,190,NKR,2020-10-09,a",
        "AZE,42,NKR,2020-10-09,a",
        "AZE,190,NKR,2020-02-30,a",
        "AZE,,NKR,2020-10-09,a",
        "azexyz,190,,2020-10-09,a",
    ):
        problems = validate(sent(tmp_path, f"{HEADER}{row}\n")).problems
        assert len(problems) == 1, (row, problems)


def test_cells_are_read_as_text_and_nothing_is_lost(tmp_path):
    raw = read(sent(tmp_path, 'a,b\n007,"x\ny"\n\n, z \n'))
    assert raw.frame.to_dicts() == [{"a": "007", "b": "x\ny"}, {"a": None, "b": " z "}]
    assert raw.rows == (1, 2)
    raw = read(sent(tmp_path, '\n{"a": "007"}\n\n{"b": [1, {"c": null}], "a": 7}\n', "input.jsonl"))
    assert raw.frame.to_dicts() == [{"a": "007", "b": None}, {"a": "7", "b": '[1, {"c": null}]'}]
    assert raw.rows == (2, 4)


def test_a_folder_is_no_contribution(tmp_path):
    (tmp_path / "input.csv").mkdir()
    with pytest.raises(InputError, match=r"cannot read \.csv"):
        read(tmp_path / "input.csv")


def test_nested_parquet_is_read_as_text(tmp_path):
    pq.write_table(pa.table({"actor": [[dt.date(2020, 10, 9)]]}), tmp_path / "input.parquet")
    assert read(tmp_path / "input.parquet").frame.to_dicts() == [{"actor": '["2020-10-09"]'}]


def test_many_rows_pass_in_one_go(tmp_path):
    """The checks are vectorised: ten thousand rows take a moment."""
    rows = pl.DataFrame({"i": range(10_000)}).select(
        actor=pl.lit("AZE"), action=pl.lit("190"), target=pl.lit("NKR"), date=pl.lit("2020-10-09"), source=pl.format("a-{}", "i")
    )
    rows.write_csv(tmp_path / "input.csv")
    checked = validate(tmp_path / "input.csv")
    assert (checked.rows, checked.problems) == (10_000, ())
