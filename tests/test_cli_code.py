"""`eventcode code` as people run it."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

EVENTCODE = Path(sys.executable).with_name("eventcode")
ARTICLES = [
    {"id": "a1", "text": "Turkey bombed Syria on Tuesday.", "published": "2024-03-15"},
    {"id": "a2", "text": "France condemned Russia.", "published": "2024-03-15"},
    {"id": "a3", "text": "It rained.", "published": "2024-03-15"},
]


def run(*arguments, stdin=None, cwd=None):
    return subprocess.run(
        [EVENTCODE, *map(str, arguments)], input=stdin, capture_output=True, text=True, cwd=cwd, check=False, encoding="utf-8"
    )


def lines(rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_json_lines_in_json_lines_out_and_through_the_gate():
    coded = run("code", "-", stdin=lines(ARTICLES))
    assert coded.returncode == 0
    reports = [json.loads(line) for line in coded.stdout.splitlines()]
    assert [(r["article"], r["actor"], r["action"], r["target"], r["date"]) for r in reports] == [
        ("a1", "TUR", "195", "SYR", "2024-03-12"),
        ("a2", "FRA", "111", "RUS", "2024-03-15"),
    ]
    named = {"article", "actor", "action", "target", "actor_text", "target_text", "date", "status", "start", "end", "trigger", "confidence"}
    assert named <= set(reports[0])
    checked = run("validate", "-", stdin=coded.stdout)
    assert checked.returncode == 0, checked.stdout
    assert "3 articles, 3 sentences, 2 reports" in coded.stderr


def test_every_kind_of_output_holds_the_same_reports(tmp_path):
    (tmp_path / "in.jsonl").write_text(lines(ARTICLES), encoding="utf-8")
    for ending in ("jsonl", "csv", "parquet"):
        assert run("code", "in.jsonl", "-o", f"out.{ending}", cwd=tmp_path).returncode == 0
        assert run("validate", f"out.{ending}", cwd=tmp_path).returncode == 0
    from_json = [json.loads(line)["action"] for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        from_csv = [row["action"] for row in csv.DictReader(file)]
    assert from_json == from_csv == pq.read_table(tmp_path / "out.parquet").column("action").to_pylist()


def test_coverage_names_articles_without_events_too(tmp_path):
    (tmp_path / "in.jsonl").write_text(lines(ARTICLES), encoding="utf-8")
    assert run("code", "in.jsonl", "-o", "out.jsonl", "--coverage", "read.csv", cwd=tmp_path).returncode == 0
    assert (tmp_path / "read.csv").read_text(encoding="utf-8") == "article,sentences,reports\na1,1,1\na2,1,1\na3,1,0\n"


def test_a_given_pair_gives_one_report_for_that_pair():
    text = "Ghana praised Togo after Kenya had attacked Somalia."
    row = {"id": "p", "text": text, "source_span": [25, 30], "target_span": [44, 51]}
    assert text[25:30] == "Kenya"
    coded = run("code", "-", "--given-actors", stdin=lines([row]))
    (report,) = [json.loads(line) for line in coded.stdout.splitlines()]
    assert (report["actor"], report["action"], report["target"]) == ("KEN", "190", "SOM")
    assert (report["actor_text"], report["target_text"]) == ("Kenya", "Somalia")


def test_explain_shows_the_sentence_its_spans_and_what_fired():
    shown = run("code", "-", "--explain", stdin=lines(ARTICLES)).stdout
    assert "Turkey bombed Syria on Tuesday." in shown
    assert "TUR [Turkey]  195 [bombed]  SYR [Syria]" in shown
    assert "rule 195 bomb/V" in shown


@pytest.mark.parametrize(
    ("arguments", "stdin", "message"),
    [
        (["nowhere/"], None, "no such file"),
        (["-", "-o", "out.xlsx"], "", "cannot write .xlsx"),
        (["-"], "no json\n", "standard input:1: the line is not JSON"),
        (["-"], '{"id": "a"}\n', "there is no text"),
        (["-"], lines([ARTICLES[0], ARTICLES[0]]), "two articles have the id 'a1'"),
    ],
)
def test_what_cannot_run_says_so_in_one_line(tmp_path, arguments, stdin, message):
    failed = run("code", *arguments, stdin=stdin, cwd=tmp_path)
    assert failed.returncode == 2
    assert failed.stdout == ""
    assert message in failed.stderr
    assert failed.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_an_unreadable_day_of_publication_is_a_warning_and_an_unknown_date():
    coded = run("code", "-", stdin=lines([{**ARTICLES[0], "published": "121108"}]))
    assert coded.returncode == 0
    assert json.loads(coded.stdout)["date"] is None
    assert "published is '121108'" in coded.stderr
