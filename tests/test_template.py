"""Templates of contributions, and the files that run the gate elsewhere: a pre-commit hook and a GitHub Action."""

import datetime as dt
import inspect
import io
import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest
import typer
import yaml
from typer.testing import CliRunner

from eventcode import resources
from eventcode.cli import template as command
from eventcode.codebook.actions import actions
from eventcode.contribute import template
from eventcode.contribute.gate import validate
from eventcode.errors import InputError
from eventcode.model import grammar
from eventcode.model.column import columns
from eventcode.model.tables import DATE_PRECISION, STATUS, Contribution

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "contributing-data.md"
FIVE = list(Contribution.must_have)
ROW = ("AZEMIL", "042", "ARM", dt.date(2020, 10, 9), "karabakh-1")


def book(*names, every=False, rows=template.ROWS):
    return openpyxl.load_workbook(io.BytesIO(template.workbook(template.chosen(None if every else names), rows=rows)))


@pytest.fixture(scope="module")
def whole():
    """The workbook with all columns."""
    return book(every=True)


def limits(workbook):
    """The validation of each column, by its name."""
    sheet = workbook[template.SHEET]
    names = {cell.column_letter: cell.value for cell in sheet[1]}
    return {names[str(limit.sqref).rstrip("0123456789:").split("2:")[0]]: limit for limit in sheet.data_validations.dataValidation}


def listed(workbook, limit):
    """The values that a drop-down list offers."""
    name, _, place = limit.formula1.partition("!")
    return [cell.value for (cell,) in workbook[name][place.replace("$", "")]]


# -- the workbook -----------------------------------------------------------------------------------------------------


def test_the_five_required_columns_come_first_then_those_asked_for():
    assert [cell.value for cell in book()[template.SHEET][1]] == FIVE
    assert [cell.value for cell in book("status", "coder", "actor")[template.SHEET][1]] == [*FIVE, "status", "coder"]
    assert [cell.value for cell in book(every=True)[template.SHEET][1]] == [column.name for column in columns(Contribution)]


def test_a_workbook_has_four_sheets_of_which_the_lists_are_hidden(whole):
    assert [(sheet.title, sheet.sheet_state) for sheet in whole] == [
        ("contribution", "visible"),
        ("notes", "visible"),
        ("codes", "visible"),
        ("lists", "hidden"),
    ]
    assert whole.active.title == "contribution"
    assert whole["contribution"].max_row == 1
    assert whole["notes"].max_row > 10


def test_the_header_is_frozen_and_bold_and_says_what_each_column_is(whole):
    sheet = whole[template.SHEET]
    assert sheet.freeze_panes == "A2"
    for cell, column in zip(sheet[1], columns(Contribution), strict=True):
        assert cell.font.b
        assert column.description in cell.comment.text
        assert (column.missing or "Never empty") in cell.comment.text
        assert f"Example: {column.example}" in cell.comment.text


def test_text_is_formatted_as_text_and_days_as_days(whole):
    sheet = whole[template.SHEET]
    for cell, column in zip(sheet[1], columns(Contribution), strict=True):
        expected = {"text": "@", "date": "yyyy-mm-dd"}.get(column.kind, "General")
        assert sheet.column_dimensions[cell.column_letter].number_format == expected


def test_lists_offer_what_the_contract_allows(whole):
    found = limits(whole)
    assert listed(whole, found["action"]) == list(actions())
    assert len(listed(whole, found["action"])) == 316
    assert set(listed(whole, found["country"])) == resources.codes("countries")
    assert listed(whole, found["status"]) == list(STATUS)
    assert listed(whole, found["date_precision"]) == list(DATE_PRECISION)
    for column in columns(Contribution):
        if column.enum or column.codelist in {"actions", "countries"}:
            assert found[column.name].type == "list"
            assert found[column.name].showErrorMessage


@pytest.mark.parametrize("name", ["actor", "target", "attributed_to", "figures_by"])
def test_lists_of_actors_offer_codes_and_forbid_none(whole, name):
    limit = limits(whole)[name]
    offered = listed(whole, limit)
    assert (limit.type, limit.showErrorMessage, limit.showInputMessage) == ("list", False, True)
    assert "AZEMIL" in limit.prompt
    assert {"AZE", "AZEMIL", "IGOUNO", "REB"} <= set(offered)
    assert [code for code in offered if not grammar.is_actor(code)] == []
    assert len(offered) == len(set(offered))


def test_numbers_and_days_have_the_bounds_of_the_contract(whole):
    found = limits(whole)
    for column in columns(Contribution):
        if column.kind in {"integer", "number"}:
            limit = found[column.name]
            assert limit.type == ("whole" if column.kind == "integer" else "decimal")
            assert (float(limit.formula1), float(limit.formula2)) == (column.minimum, column.maximum)
    assert {name for name, limit in found.items() if limit.type == "date"} == {"date", "date_end"}
    assert set(found) == {c.name for c in columns(Contribution) if c.enum or c.codelist or c.kind != "text"}


def test_messages_are_no_longer_than_excel_takes(whole):
    for limit in limits(whole).values():
        assert len(limit.prompt or "") <= 255
        assert len(limit.error) <= 255
        assert len(limit.promptTitle) <= 32


def test_lists_reach_over_the_rows_asked_for():
    assert {str(limit.sqref)[1:] for limit in limits(book(rows=25)).values()} == {f"2:{c}26" for c in "ABCD"}


def test_the_codes_are_listed_as_text_with_name_and_definition(whole):
    rows = list(whole["codes"].iter_rows(min_row=2, values_only=True))
    assert rows[1][:2] == ("010", "Make statement, not specified below")
    assert {row[3] for row in rows} == {"action", "country", "role"}
    assert all(row[1] and isinstance(row[0], str) for row in rows)
    assert all(row[2] for row in rows if row[3] == "action")
    assert {cell.number_format for (cell,) in whole["codes"]["A2:A317"]} == {"@"}


def test_the_bytes_do_not_hang_on_the_clock(monkeypatch):
    given = template.chosen(["status"])
    first = template.workbook(given)
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        stamps = re.findall(rb"\d{4}-\d{2}-\d{2}T[\d:]+Z", archive.read("docProps/core.xml"))
    assert set(stamps) == {b"2026-01-01T00:00:00Z"}
    assert len(stamps) == 2
    monkeypatch.setattr("time.time", lambda: 0.0)
    monkeypatch.setattr("time.localtime", lambda *_: dt.datetime(1999, 1, 1, tzinfo=dt.UTC).timetuple())
    assert template.workbook(given) == first


# -- filled in and read back ------------------------------------------------------------------------------------------


def test_rows_that_a_script_appends_stand_below_the_header(tmp_path):
    path = tmp_path / "mine.xlsx"
    template.write(path)
    workbook = openpyxl.load_workbook(path)
    workbook[template.SHEET].append(ROW)
    workbook.save(path)
    back = openpyxl.load_workbook(path)[template.SHEET]
    assert [cell.value for cell in back[2]] == [*ROW[:3], dt.datetime(2020, 10, 9), ROW[4]]  # noqa: DTZ001
    checked = validate(path)
    assert checked.errors == 0
    assert checked.frame.select(FIVE).rows() == [ROW]


@pytest.mark.parametrize("names", [(), None])
def test_a_header_of_csv_is_a_contribution_once_it_has_rows(tmp_path, names):
    path = tmp_path / "mine.csv"
    given = template.write(path, names=names)
    assert path.read_bytes() == ",".join(column.name for column in given).encode() + b"\n"
    path.write_text(f"{path.read_text()}{','.join(map(str, ROW))}{',' * (len(given) - 5)}\n")
    checked = validate(path)
    assert checked.errors == 0
    assert checked.frame.select(FIVE).rows() == [ROW]


@pytest.mark.slow
def test_libreoffice_keeps_lists_formats_and_notes(tmp_path):
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed")
    path, out = tmp_path / "mine.xlsx", tmp_path / "out"
    template.write(path, names=["status"])
    workbook = openpyxl.load_workbook(path)
    workbook[template.SHEET].append([*ROW, "claimed"])
    workbook.save(path)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", out, path], check=True, capture_output=True, timeout=120
    )
    back = openpyxl.load_workbook(out / "mine.xlsx")
    sheet, before, after = back[template.SHEET], limits(book("status")), limits(back)
    assert set(after) == set(before)
    for name, limit in after.items():
        assert [getattr(limit, key) for key in ("type", "formula1", "showErrorMessage", "prompt")] == [
            getattr(before[name], key) for key in ("type", "formula1", "showErrorMessage", "prompt")
        ]
    assert [cell.value for cell in sheet[2]][:3] == ["AZEMIL", "042", "ARM"]
    assert sheet["B2"].number_format == "@"
    assert "Never empty" in sheet["B1"].comment.text
    assert back["lists"].sheet_state == "hidden"


# -- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["mine.xlsx", "mine.csv"])
def test_a_file_that_is_there_is_never_written_over(tmp_path, name):
    path = tmp_path / name
    path.write_text("my rows")
    with pytest.raises(InputError, match=r"there already.*; expected .*; choose another name"):
        template.write(path)
    assert path.read_text() == "my rows"
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_a_link_that_leads_nowhere_is_not_written_over(tmp_path):
    path = tmp_path / "mine.csv"
    path.symlink_to(tmp_path / "gone.csv")
    with pytest.raises(InputError, match="there already"):
        template.write(path)
    assert path.is_symlink()


def test_nothing_is_left_behind_where_a_template_cannot_be_made(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError("no space")))
    with pytest.raises(OSError, match="no space"):
        template.write(tmp_path / "mine.csv")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["mine.ods", "mine", "mine.xls"])
def test_other_endings_are_refused(tmp_path, name):
    with pytest.raises(InputError, match=r"cannot write .*; expected an ending \.xlsx or \.csv; write mine\.xlsx"):
        template.write(tmp_path / name)


def test_unknown_columns_are_named_with_the_nearest():
    with pytest.raises(InputError, match=r"no such column: 'confidance', 'xyzzy'; expected columns .*; did you mean confidence\?"):
        template.chosen(["confidance", "xyzzy", "status"])
    with pytest.raises(InputError, match="take them all with --all"):
        template.chosen(["xyzzy"])


@pytest.mark.parametrize("rows", [0, -1, template.MOST_ROWS + 1])
def test_a_sheet_has_so_many_rows(tmp_path, rows):
    with pytest.raises(InputError, match="expected 1 to 1,048,575 rows"):
        template.write(tmp_path / "mine.xlsx", rows=rows)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(InputError, match=r"no such folder; expected .*mkdir -p"):
        template.write(tmp_path / "no" / "mine.xlsx")


# -- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run the command in a folder of its own."""
    app = typer.Typer()
    app.command()(command.template)
    monkeypatch.chdir(tmp_path)
    return lambda *args: CliRunner().invoke(app, list(args))


def test_the_command_writes_a_workbook_and_says_what_comes_next(run, tmp_path):
    ran = run()
    assert (ran.exit_code, ran.output) == (
        0,
        "contribution.xlsx: 5 columns; fill it in, then: eventcode validate contribution.xlsx\n",
    )
    assert [p.name for p in tmp_path.iterdir()] == ["contribution.xlsx"]


def test_the_command_has_as_many_rows_as_the_function():
    assert inspect.signature(command.template).parameters["rows"].default == template.ROWS


def test_the_command_takes_columns_or_all_of_them(run, tmp_path):
    assert run("-o", "a.csv", "--columns", "status, coder,").exit_code == 0
    assert run("-o", "b.csv", "--all").exit_code == 0
    assert run("-o", "c.xlsx", "--rows", "10").exit_code == 0
    assert (tmp_path / "a.csv").read_text() == "actor,action,target,date,source,status,coder\n"
    assert (tmp_path / "b.csv").read_text() == ",".join(c.name for c in columns(Contribution)) + "\n"
    assert isinstance(run("-o", "d.csv", "--all", "--columns", "status").exception, InputError)
    assert isinstance(run("-o", "a.csv").exception, InputError)


# -- the gate elsewhere -----------------------------------------------------------------------------------------------


def parsed(name):
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def test_the_hook_runs_the_gate_on_tables():
    (hook,) = parsed(".pre-commit-hooks.yaml")
    assert (hook["id"], hook["entry"], hook["language"]) == ("eventcode-validate", "eventcode validate", "python")
    assert set(hook) <= {"id", "name", "description", "entry", "language", "files", "types", "require_serial"}
    for name in ("a.csv", "b/c.tsv", "d.xlsx", "e.jsonl", "f.parquet", "G.CSV"):
        assert re.search(hook["files"], name), name
    for name in ("README.md", "csv", "a.csv.bak", "a.xls", "data.json"):
        assert not re.search(hook["files"], name), name


def test_the_action_is_composite_and_installs_its_own_checkout():
    action = parsed("action.yml")
    assert set(action["inputs"]) == {"files", "articles", "strict", "version"}
    assert all(each["description"] for each in action["inputs"].values())
    assert [name for name, each in action["inputs"].items() if each.get("required")] == ["files"]
    assert action["runs"]["using"] == "composite"
    python, install, check = action["runs"]["steps"]
    assert python["uses"].startswith("actions/setup-python@")
    assert python["with"] == {"python-version": "${{ inputs.version }}"}
    assert install["env"] == {"ACTION_FOLDER": "${{ github.action_path }}"}
    assert '"$ACTION_FOLDER"' in install["run"]
    assert (ROOT / "requirements.txt").is_file()
    assert "--format github" in check["run"]
    assert set(check["env"].values()) == {"${{ inputs.files }}", "${{ inputs.articles }}", "${{ inputs.strict }}"}


def test_no_input_is_written_into_shell_code():
    for step in parsed("action.yml")["runs"]["steps"]:
        assert "${{" not in step.get("run", "")
        assert "run" not in step or step["shell"] == "bash"


@pytest.fixture
def validating(tmp_path):
    """Run the action's last step in a folder with a stand-in for `eventcode` that prints its arguments, one a line."""
    if shutil.which("bash") is None:
        pytest.skip("bash is not installed")
    stand_in = tmp_path / "bin" / "eventcode"
    stand_in.parent.mkdir()
    stand_in.write_text('#!/bin/bash\nprintf "%s\\n" "$@"\nexit 1\n')
    stand_in.chmod(0o755)
    folder = tmp_path / "repository"
    (folder / "data" / "deep").mkdir(parents=True)
    for name in ("data/a b.csv", "data/c.csv", "data/deep/d.jsonl"):
        (folder / name).touch()
    script = parsed("action.yml")["runs"]["steps"][2]["run"]

    def call(**env):
        path = f"{stand_in.parent}{os.pathsep}{os.environ['PATH']}"
        given = {"FILES": "", "ARTICLES": "", "STRICT": "false", **env, "PATH": path}
        ran = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=folder,
            env=given,
            capture_output=True,
            text=True,
            check=False,
        )
        assert sorted(p.name for p in folder.iterdir()) == ["data"]
        return ran.returncode, ran.stdout.splitlines()

    return call


def test_the_action_hands_on_files_and_the_exit_code(validating):
    code, said = validating(FILES="data/*.csv\n\ndata/**/*.jsonl\r\n")
    assert code == 1
    assert said == ["validate", "--format", "github", "--", "data/a b.csv", "data/c.csv", "data/deep/d.jsonl"]
    _, said = validating(FILES="data/c.csv", ARTICLES="my articles", STRICT="true")
    assert said == ["validate", "--format", "github", "--articles=my articles", "--strict", "--", "data/c.csv"]


def test_the_action_says_where_no_file_matches(validating):
    code, said = validating(FILES="nothing/*.csv\n")
    assert code == 2
    assert said[0].startswith("::error title=eventcode::no file matches")


def test_inputs_of_the_action_are_never_run(validating):
    for text in ("$(touch owned)", "`touch owned`", "a.csv; touch owned", '"; touch owned; "', "--output=x"):
        _, said = validating(FILES=text, ARTICLES=text, STRICT=text)
        assert said == ["validate", "--format", "github", f"--articles={text}", "--", text]


def heredocs():
    """The files that the page on contributing writes, by name."""
    return dict(re.findall(r"^cat > (\S+) <<'END'\n(.*?)^END$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL))


def test_the_page_switches_on_the_hook_and_the_action_as_they_are():
    written = heredocs()
    (repository,) = yaml.safe_load(written[".pre-commit-config.yaml"])["repos"]
    assert [hook["id"] for hook in repository["hooks"]] == [parsed(".pre-commit-hooks.yaml")[0]["id"]]
    steps = yaml.safe_load(written[".github/workflows/events.yml"])["jobs"]["events"]["steps"]
    assert set(steps[-1]["with"]) <= set(parsed("action.yml")["inputs"])


def test_the_example_of_the_page_fits_its_article():
    written = heredocs()
    (article,) = (text.split("---\n", 2)[2].strip() for name, text in written.items() if name.endswith(".md"))
    (table,) = (text for name, text in written.items() if name.endswith(".csv"))
    header, *rows = (line.split(",") for line in table.splitlines())
    for row in (dict(zip(header, cells, strict=True)) for cells in rows):
        assert article[int(row["start"]) : int(row["end"])] == row["trigger"]


def test_no_file_here_names_a_registry():
    hosts = re.compile("py" + r"pi|python" + "hosted|npm" + "js|anaconda" + r"\.", re.IGNORECASE)
    for name in (".pre-commit-hooks.yaml", "action.yml", "docs/contributing-data.md"):
        assert not hosts.search((ROOT / name).read_text(encoding="utf-8")), name
