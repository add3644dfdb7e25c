"""`eventcode validate`, `rule`, `codes` and `schema` as commands: their forms, their exit codes, their one line on what cannot run."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from eventcode import __version__, resources
from eventcode.contract.describe import contract_files
from eventcode.contribute.rules import rules

CASES = Path(__file__).parent / "cases" / "gate"
LINE = '{"actor": "AZE", "action": "190", "target": "NKR", "date": "2020-10-09", "source": "karabakh-1"}\n'
PROBLEM = {"code", "severity", "file", "row", "column", "found", "expected", "fix"}


# -- validate ---------------------------------------------------------------------------------------------------------


def test_json_parses_and_holds_every_problem(eventcode):
    ran = eventcode("validate", "--format", "json", "input.csv", folder=CASES / "six_problems")
    problems = json.loads(ran.out)
    assert ran.code == 1
    assert [problem["code"] for problem in problems] == ["EC101", "EC203", "EC204", "EC301", "EC206", "EC501"]
    assert all(set(problem) == PROBLEM for problem in problems)
    assert problems[2] == {
        "code": "EC204",
        "severity": "error",
        "file": "input.csv",
        "row": 3,
        "column": "action",
        "found": "42",
        "expected": "042",
        "fix": "write 042; read the column as text, not as a number",
    }
    assert ran.err == "input.csv: 6 rows, 6 errors, 0 warnings; explain a rule with: eventcode rule EC101\n"


def test_json_of_a_clean_file_is_an_empty_list(eventcode):
    ran = eventcode("validate", "--format", "json", "input.csv", folder=CASES / "clean")
    assert (ran.code, json.loads(ran.out), ran.err) == (0, [], "input.csv: 4 rows, no problems\n")


@pytest.mark.parametrize("name", ["values", "numbers", "unknown_codes", "jsonl_rows_are_lines"])
def test_json_and_text_tell_the_same(name, eventcode):
    (file,) = (path.name for path in (CASES / name).glob("input.*"))
    told = json.loads(eventcode("validate", "--format", "json", file, folder=CASES / name).out)
    text = eventcode("validate", file, folder=CASES / name).out
    found = re.findall(r": (?:row (\d+)|the file), column (\w+): (EC\d+) (\w+)", text)
    assert found == [(str(p["row"] or ""), p["column"], p["code"], p["severity"]) for p in told]


def annotations(out):
    lines = out.splitlines()
    found = [re.fullmatch(r"::(error|warning) file=([^,]+),line=(\d+),title=(EC\d+)::(.+)", line) for line in lines]
    assert all(found), out
    return [match.groups()[:4] for match in found]


def test_github_annotates_the_line_of_a_csv(eventcode):
    ran = eventcode("validate", "--format", "github", "input.csv", folder=CASES / "six_problems")
    assert ran.code == 1
    assert annotations(ran.out)[:3] == [
        ("error", "input.csv", "1", "EC101"),
        ("error", "input.csv", "3", "EC203"),
        ("error", "input.csv", "4", "EC204"),
    ]


def test_github_annotates_the_line_of_json_lines(eventcode):
    ran = eventcode("validate", "--format", "github", "input.jsonl", folder=CASES / "jsonl_rows_are_lines")
    assert [line for _, _, line, _ in annotations(ran.out)] == ["1", "3", "3", "3", "4", "5", "5"]
    assert ("warning", "input.jsonl", "4", "EC211") in annotations(ran.out)


def test_github_escapes_what_would_end_the_line(eventcode, tmp_path):
    (tmp_path / "input.csv").write_text('actor,action,target,date,source\nAZE,"100%\n199",NKR,2020-10-09,a\n', encoding="utf-8")
    ran = eventcode("validate", "--format", "github", "input.csv", folder=tmp_path)
    assert len(annotations(ran.out)) == 1
    assert "100%25%0A199" in ran.out


def test_several_files_are_checked_in_one_go(eventcode):
    ran = eventcode("validate", "clean/input.csv", "aliases/input.csv", folder=CASES)
    assert ran.code == 1
    assert "clean/input.csv: 4 rows, no problems\n" in ran.out
    assert "aliases/input.csv: row 2, column action: EC204 error" in ran.out


def test_json_lines_come_from_standard_input(eventcode):
    ran = eventcode("validate", "-", stdin=LINE.encode())
    assert (ran.code, ran.out) == (0, "standard input: 1 row, no problems\n")
    ran = eventcode("validate", "-", stdin=LINE.replace("190", "42").encode())
    assert ran.code == 1
    assert "standard input: row 1, column action: EC204" in ran.out
    assert eventcode("validate", "-", stdin=b"").code == 0
    assert eventcode("validate", "-", stdin=b"\xff").err == "eventcode: standard input: byte 0 is not UTF-8; expected text in UTF-8; save the file as UTF-8 (in Excel: CSV UTF-8)\n"  # fmt: skip


def test_one_file_that_cannot_be_read_ends_it_with_one_line(eventcode):
    ran = eventcode("validate", "clean/input.csv", "missing.csv", folder=CASES)
    assert (ran.code, ran.out) == (2, "clean/input.csv: 4 rows, no problems\n")  # what can be read is checked all the same
    assert re.fullmatch(r"eventcode: missing\.csv: no such file; [^\n]+\n", ran.err)


@pytest.mark.parametrize(
    "args", [["validate"], ["validate", "--format", "xml", "a.csv"], ["nonsense"], ["validate", "--nonsense", "a.csv"]]
)
def test_a_wrong_call_ends_with_2(args, eventcode):
    ran = eventcode(*args)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err


@pytest.mark.parametrize("command", [[], ["validate"], ["rule"], ["codes"], ["schema"]])
def test_help_shows_how_to_call(command, eventcode):
    ran = eventcode(*command, "--help")
    assert ran.code == 0
    plain = re.sub(r"\x1b\[[\d;]*m", "", ran.out)  # colours, where the environment asks for them
    assert "Usage: eventcode" in re.sub(r"\s+", " ", plain)


def test_version(eventcode):
    assert eventcode("--version")[:2] == (0, f"eventcode {__version__}\n")


@pytest.mark.parametrize(("name", "code"), [("clean", 0), ("six_problems", 1), ("json_list", 2)])
def test_the_installed_command_runs_from_any_folder(name, code, tmp_path):
    (file,) = (CASES / name).glob("input.*")
    call = "import sys; from eventcode.cli.main import run; sys.argv[0] = 'eventcode'; run()"
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", call, "validate", str(file)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ran.returncode == code, ran.stderr
    assert (len(ran.stderr.splitlines()), bool(ran.stdout)) == ((1, False) if code == 2 else (0, True))
    assert list(tmp_path.iterdir()) == []


# -- rule -------------------------------------------------------------------------------------------------------------


def test_an_unknown_rule_ends_with_one_line(eventcode):
    ran = eventcode("rule", "EC999")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"eventcode: no such rule: EC999; expected one of {', '.join(rules())}\n"


# -- codes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["190"], "190  Use conventional military force, not specified below\n  parent 19, root 19, quad class 4 (GDELT) 4 (Phoenix), PLOVER ASSAULT\n"),
        (["155"], "  Goldstein: GDELT none,"),
        (["01"], "  parent none, root 01,"),
        (["AZE"], "AZE  Azerbaijan (countries)\n  kind: iso\n"),
        (["AZEMIL"], "AZEMIL  Azerbaijan: military\nAZE  Azerbaijan (countries)\n"),
        (["conventional", "military", "force"], "190    Use conventional military force, not specified below  (actions)"),
        (["stepanakert"], "NKR    Nagorno-Karabakh  (countries)"),
    ],
)  # fmt: skip
def test_codes_finds(words, said, eventcode):
    ran = eventcode("codes", *words)
    assert (ran.code, ran.err) == (0, "")
    assert said in ran.out


def test_codes_shows_every_list_that_has_the_code(eventcode):
    ran = eventcode("codes", "MOS")
    assert {"Mossi (groups)", "Muslim (groups)"} <= set(re.findall(r"MOS  (.+)", ran.out))


@pytest.mark.parametrize("words", ["qqxzqq", "AZEXYZ"])
def test_codes_that_finds_nothing_ends_with_one_line(words, eventcode):
    ran = eventcode("codes", words)
    assert (ran.code, ran.out) == (2, "")
    assert re.fullmatch(rf"eventcode: nothing found for '{words}'; [^\n]+\n", ran.err)


# -- schema -----------------------------------------------------------------------------------------------------------


def test_schema_check_tells_a_fresh_contract(eventcode):
    assert eventcode("schema", "--check") == (0, "schema/ is up to date\n", "")


def test_schema_writes_what_is_missing_and_only_that(eventcode, monkeypatch, tmp_path):
    monkeypatch.setattr(resources, "SCHEMA", tmp_path / "schema")
    missing = eventcode("schema", "--check")
    assert missing.code == 1
    assert len(missing.err.splitlines()) == 1
    assert "contract/events.schema.json" in missing.err
    assert not (tmp_path / "schema").exists()
    assert eventcode("schema").out.count("written: schema/") == len(contract_files())
    assert eventcode("schema").out == eventcode("schema", "--check").out == "schema/ is up to date\n"
    (tmp_path / "schema" / "CODEBOOK.md").write_text("edited by hand", encoding="utf-8")
    assert "not up to date: CODEBOOK.md" in eventcode("schema", "--check").err
    assert eventcode("schema").out == "written: schema/CODEBOOK.md\n"
