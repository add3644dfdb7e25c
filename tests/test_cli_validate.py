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
LINE = '{"actor": "AZE", "action": "190", "target": "NKR", "date": "2020-10-09", "source": "valley-1", "coder": "person:anna"}\n'
PROBLEM = {"code", "severity", "file", "row", "line", "column", "found", "expected", "fix"}


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
        "line": 4,
        "column": "action",
        "found": "42",
        "expected": "042",
        "fix": "write 042; read the column as text, not as a number",
    }
    assert ran.err == "input.csv: 6 rows, 5 refused; 6 errors of 6 rules\n"


def test_json_of_a_clean_file_is_an_empty_list(eventcode):
    ran = eventcode("validate", "--format", "json", "input.csv", folder=CASES / "clean")
    assert (ran.code, json.loads(ran.out), ran.err) == (0, [], "input.csv: 4 rows, no problems\n")


@pytest.mark.parametrize("name", ["values", "numbers", "unknown_codes", "jsonl_rows_are_lines", "EC226/wrong", "no_known_column"])
def test_json_and_text_tell_the_same(name, eventcode):
    files = [path.name for path in (CASES / name).glob("input.*")]
    told = json.loads(eventcode("validate", "--format", "json", *files, folder=CASES / name).out)
    text = eventcode("validate", "--cases", "1000", *files, folder=CASES / name).out
    found = re.findall(r"^    (?:row (\d+))?(?:, line \d+)?(?:, )?(?:column (\w+))?: ", text, re.MULTILINE)
    assert sorted(found) == sorted((str(p["row"] or ""), p["column"]) for p in told)


def test_as_many_cases_are_shown_as_are_asked_for(eventcode):
    for cases in ("0", "1", "2"):
        text = eventcode("validate", "--cases", cases, "input.csv", folder=CASES / "values").out
        assert len(re.findall("^      fix: ", text, re.MULTILINE)) == {"0": 0, "1": 6, "2": 10}[cases]
        assert text.endswith("explain a rule: eventcode rule EC207\n")


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
    assert [line for _, _, line, code in annotations(ran.out) if code != "EC423"] == ["1", "3", "3", "3", "4", "5", "5"]
    assert ("warning", "input.jsonl", "4", "EC211") in annotations(ran.out)


def test_github_escapes_what_would_end_the_line(eventcode, tmp_path):
    (tmp_path / "input.csv").write_text(
        'actor,action,target,date,source,coder\nAZE,"100%\n199",NKR,2020-10-09,a,person:anna\n', encoding="utf-8"
    )
    ran = eventcode("validate", "--format", "github", "input.csv", folder=tmp_path)
    assert len(annotations(ran.out)) == 1
    assert "100%25%0A199" in ran.out


@pytest.mark.parametrize("form", ["csv", "sarif", "html"])
def test_other_forms_hold_every_problem_too(form, eventcode):
    ran = eventcode("validate", "--format", form, "input.csv", folder=CASES / "six_problems")
    assert ran.code == 1
    assert all(code in ran.out for code in ("EC101", "EC203", "EC204", "EC301", "EC206", "EC501"))
    assert ran.err == "input.csv: 6 rows, 5 refused; 6 errors of 6 rules\n"


def test_several_files_are_checked_in_one_go(eventcode):
    ran = eventcode("validate", "clean/input.csv", "aliases/input.csv", folder=CASES)
    assert ran.code == 1
    assert "clean/input.csv: 4 rows, no problems\n" in ran.out
    assert "aliases/input.csv: 2 rows, 1 refused; 1 error" in ran.out


def test_a_folder_stands_for_the_contributions_in_it(eventcode, tmp_path):
    for name in ("b.jsonl", "a.jsonl"):
        (tmp_path / name).write_text(LINE, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no contribution\n", encoding="utf-8")
    ran = eventcode("validate", ".", folder=tmp_path)
    assert ran.code == 0
    assert ran.out.endswith("a.jsonl: 1 row, no problems\nb.jsonl: 1 row, no problems\n")


@pytest.mark.parametrize(
    ("how", "codes", "code"),
    [
        ([], ["EC204", "EC102"], 1),
        (["--ignore", "EC1"], ["EC204"], 1),
        (["--ignore", "EC204"], ["EC102"], 0),
        (["--ignore", "EC204", "--strict"], ["EC102"], 1),
        (["--select", "ec1, EC2"], ["EC204", "EC102"], 1),
        (["--select", "EC1"], ["EC102"], 0),
        (["--select", "EC3", "--strict"], [], 0),
    ],
)
def test_rules_are_chosen(how, codes, code, eventcode, tmp_path):
    (tmp_path / "input.jsonl").write_text(LINE.replace("190", "42").replace("{", '{"colour": "red", '), encoding="utf-8")
    ran = eventcode("validate", *how, "input.jsonl", folder=tmp_path)
    assert ran.code == code
    assert re.findall(r"^  (EC\d+) ", ran.out, re.MULTILINE) == codes


def test_an_unknown_rule_cannot_be_chosen(eventcode, tmp_path):
    ran = eventcode("validate", "--select", "EC999", "input.csv", folder=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert re.fullmatch(r"eventcode: no such rule: EC999; [^\n]+\n", ran.err)


def test_json_lines_come_from_standard_input(eventcode):
    ran = eventcode("validate", "-", stdin=LINE.encode())
    assert (ran.code, ran.out) == (
        0,
        "standard input: JSON lines, UTF-8; 1 row\n\nstandard input: 1 row, no problems\n",
    )
    ran = eventcode("validate", "-", stdin=LINE.replace("190", "42").encode())
    assert ran.code == 1
    assert "EC204" in ran.out
    assert "1 problem can be repaired in a file, with --fix" in ran.out
    assert eventcode("validate", "-", stdin=b"").code == 0
    assert eventcode("validate", "-", stdin=b"\x89PNG\r\n").code == 2
    assert eventcode("validate", "--fix", "-", stdin=LINE.encode()).err == (
        "eventcode: standard input: standard input has no folder for a repaired copy; expected a file with --fix\n"
    )


def test_one_file_that_cannot_be_read_does_not_hide_the_others(eventcode, tmp_path):
    (tmp_path / "a.csv").write_bytes(b"\x89PNG\r\n")
    (tmp_path / "b.jsonl").write_text(LINE, encoding="utf-8")
    ran = eventcode("validate", "a.csv", "b.jsonl", folder=tmp_path)
    assert ran.code == 2
    assert "a.csv: not read; 1 error\nb.jsonl: 1 row, no problems\n" in ran.out


def test_a_file_that_is_not_there_ends_it_with_one_line(eventcode):
    ran = eventcode("validate", "clean/input.csv", "missing.csv", folder=CASES)
    assert ran.code == 2
    assert re.fullmatch(r"eventcode: missing\.csv: no such file; [^\n]+\n", ran.err)


def test_nothing_is_written_without_fix(eventcode, tmp_path):
    (tmp_path / "input.jsonl").write_text(LINE.replace("190", "42"), encoding="utf-8")
    eventcode("validate", "input.jsonl", folder=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["input.jsonl"]


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


@pytest.mark.parametrize(("name", "code"), [("clean", 0), ("six_problems", 1), ("EC003/wrong", 2)])
def test_the_installed_command_runs_from_any_folder(name, code, tmp_path):
    (file,) = (CASES / name).glob("input.*")
    call = "import sys; from eventcode.cli.main import run; sys.argv[0] = 'eventcode'; run()"
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", call, "validate", str(file)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ran.returncode == code, ran.stderr
    assert (ran.stderr, bool(ran.stdout)) == ("", True)
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
    assert eventcode("schema").out.count("written: schema/") == len([*contract_files(), "RULES.md"])
    assert eventcode("schema").out == eventcode("schema", "--check").out == "schema/ is up to date\n"
    (tmp_path / "schema" / "CODEBOOK.md").write_text("edited by hand", encoding="utf-8")
    assert "not up to date: CODEBOOK.md" in eventcode("schema", "--check").err
    assert eventcode("schema").out == "written: schema/CODEBOOK.md\n"
