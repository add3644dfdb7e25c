"""`eventcode adjudicate`: what passes, what is asked, what decisions make of it, what is refused and what is written."""

import csv
import io
import itertools
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from eventcode.contribute.adjudicate import Decision, adjudicate
from eventcode.contribute.gate import validate
from eventcode.errors import InputError

DAY = date(2020, 10, 9)
CARLA = "person:carla"


def report(**more):
    return {"source": "a", "start": 10, "end": 17, "actor": "AZEMIL", "action": "190", "target": "ARM", "date": DAY, **more}


def settled(units, *decided, coder=CARLA):
    """Adjudicate units; decisions are made on the column that is asked about, of the first unit that is asked about it."""
    asked = {q.column: q.unit for q in reversed(adjudicate(units).open)}
    return adjudicate(units, [Decision(asked[column], column, *more) for column, *more in decided], coder=coder)


def asked(units):
    return [(q.column, *q.readings) for q in adjudicate(units).open]


# ---- what is asked -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "questions"),
    [
        ({}, {}, []),
        ({"action": "194"}, {}, [("action", "194", "190")]),
        ({"target": None, "date": None}, {}, [("target", "none", "ARM"), ("date", "none", "2020-10-09")]),
        ({"status": None}, {"status": "asserted"}, []),
        ({"status": None}, {"status": "claimed"}, [("status", "asserted", "claimed")]),
        ({}, {"status": "claimed"}, []),
        ({"deaths_best": 3}, {"deaths_best": 5}, [("deaths_best", "3", "5")]),
        ({"deaths_best": 3}, {}, []),
        ({"deaths_best": 3}, {"deaths_best": None}, []),
        ({"coder": "person:anna", "note": "sure", "event": "x"}, {"coder": "person:ben", "note": "unsure", "event": "y"}, []),
        ({"start": 8, "trigger": "they shell"}, {"trigger": "shelled"}, []),
        ({"actor_text": "the army"}, {"actor_text": "army"}, []),
        ({"latitude": 39.8, "longitude": 46.75}, {"latitude": 39.82, "longitude": 46.76}, []),
    ],
)
def test_coders_differ_where_both_code_a_column_and_do_not_say_the_same(one, other, questions):
    assert asked([(report(**one), report(**other))]) == questions


def test_an_empty_cell_is_a_reading_where_each_file_fills_the_column():
    units = [(report(deaths_best=3), report(deaths_best=None)), (report(start=30, end=35, deaths_best=1), report(deaths_best=1))]
    assert asked(units) == [("deaths_best", "3", "none")]


def test_a_report_that_not_all_found_is_asked_about_as_a_whole():
    units = [(report(status="claimed"), None, report(action="010", status="claimed"))]
    assert asked(units) == [
        ("found", "AZEMIL 190 ARM 2020-10-09 claimed", None, "AZEMIL 010 ARM 2020-10-09 claimed"),
        ("action", "190", None, "010"),
    ]


def test_a_question_says_where_the_report_stands():
    no_place = report(start=None, end=None, sentence=2)
    (question,) = adjudicate([(no_place, report(action="194", sentence=2, trigger="shelled"))]).open
    assert (question.source, question.sentence, question.start, question.end, question.trigger) == ("a", 2, 10, 17, "shelled")


# ---- what passes and what decisions make ---------------------------------------------------------------------------------------------


def test_what_all_agree_on_passes_as_the_first_has_it():
    one = report(coder="person:anna", note="plain", confidence=None, actor_text="the army", start=8, trigger="they shell")
    other = report(coder="person:ben", deaths_best=3, actor_text="army", trigger="shelled")
    (row,) = adjudicate([(one, other)]).rows
    assert row | {"deaths_best": 3, **one} == row


def test_a_report_without_a_coder_gets_the_one_who_adjudicates():
    assert adjudicate([(report(), report())], coder=CARLA).rows[0]["coder"] == CARLA
    assert adjudicate([(report(), report())]).rows[0]["coder"] is None


@pytest.mark.parametrize(
    ("column", "decision", "value"),
    [
        ("action", "A", "190"),
        ("action", "b", "194"),
        ("action", " 195 ", "195"),
        ("target", "A", "ARM"),
        ("target", "B", None),
        ("target", "none", None),
        ("target", "NKR", "NKR"),
        ("date", "B", date(2020, 10, 8)),
        ("date", "2020-10-07", date(2020, 10, 7)),
        ("deaths_best", "4", 4),
        ("deaths_best", "none", None),
        ("status", "A", None),
        ("status", "asserted", None),
        ("status", "denied", "denied"),
    ],
)
def test_a_decision_is_a_letter_a_value_or_none(column, decision, value):
    other = {"action": "194", "target": None, "date": date(2020, 10, 8), "deaths_best": 5, "status": "claimed"}
    unit = (report(deaths_best=3, status=None), report(**{"deaths_best": 3, "status": None, column: other[column]}))
    made = settled([unit], (column, decision, "because"))
    (row,) = made.rows
    assert (row[column], row["coder"], row["note"], made.open) == (value, CARLA, "because", ())


def test_what_belongs_to_a_reading_goes_with_it():
    one = report(
        actor_text="the army", target_text="Armenia", date_precision="day", coder="program:x", coder_version="1", rule="r", event="e"
    )
    other = report(actor="AZE", actor_text="Baku", target_text="Yerevan", date=None, place="Goris", latitude=39.5)
    made = settled([(one, other)], ("actor", "B", "the state"), ("date", "A", "Friday")).rows[0]
    assert (made["actor"], made["actor_text"], made["target_text"]) == ("AZE", "Baku", "Armenia")
    assert (made["date_precision"], made["place"], made["latitude"], made["event"]) == ("day", "Goris", 39.5, "e")
    assert (made["coder"], made["coder_version"], made["rule"], made["note"]) == (CARLA, None, None, "the state; Friday")


def test_a_report_without_a_date_has_no_precision_of_it():
    more = {"date_precision": "day", "date_basis": "stated", "date_end": date(2020, 10, 12)}
    unit = (report(**more), report(**more | {"date": date(2020, 10, 8)}))
    assert {settled([unit], ("date", "none")).rows[0][name] for name in ("date", *more)} == {None}


@pytest.mark.parametrize(("decision", "rows"), [("keep", 1), ("Drop", 0)])
def test_a_report_that_not_all_found_is_kept_or_dropped(decision, rows):
    made = settled([(None, report(event="bens-own"))], ("found", decision, "seen"))
    assert (len(made.rows), made.open, [each.value for each in made.log]) == (rows, (), [decision.lower()])
    assert [row["event"] for row in made.rows] == [None] * rows


def test_a_report_that_is_kept_needs_its_other_decisions_too():
    units = [(report(), None, report(action="010"))]
    assert [q.column for q in settled(units, ("found", "keep")).open] == ["action"]
    assert settled(units, ("found", "drop")).open == ()
    assert settled(units, ("found", "keep"), ("action", "C")).rows[0]["action"] == "010"


def test_any_disagreement_can_be_decided_by_leaving_the_report_out():
    made = settled([(report(), report(action="194", target=None))], ("action", "drop", "no report at all"))
    assert (made.rows, made.open, made.log[0].value) == ((), (), "drop")


def test_a_report_decided_in_part_stays_open_and_what_was_decided_is_not_asked_again():
    made = settled([(report(), report(action="194", target=None)), (report(start=30, end=35), report(start=30, end=35))], ("action", "B"))
    assert [q.column for q in made.open] == ["target"]
    assert [row["start"] for row in made.rows] == [30]


def test_the_log_has_readings_decision_value_and_who():
    (logged,) = settled([(report(), report(action="194"))], ("action", "B", "by artillery")).log
    assert (logged.question.readings, logged.decision.decision, logged.value, logged.by) == (("190", "194"), "B", "194", CARLA)
    assert adjudicate([(report(), report())]).log == ()


# ---- what is refused -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "decision", "message"),
    [
        ("found", "A", "the decision on found is 'A'; expected keep or drop"),
        ("action", "keep", r"the decision on action is 'keep'; expected a letter \(A, B, C\), a value, none or drop"),
        ("action", "B", "B says nothing of action; expected one of A, C, or a value"),
        ("action", "D", "D says nothing of action"),
        ("date", "9 October", "'9 October' is no value of date; expected a date such as 2020-10-09"),
        ("deaths_best", "three", "'three' is no value of deaths_best; expected a whole number"),
        ("target", "A", "has no disagreement on 'target'; expected one of found, action, date, deaths_best"),
        ("colour", "A", "has no disagreement on 'colour'"),
    ],
)
def test_a_decision_that_cannot_be_made_is_refused(column, decision, message):
    unit = (report(deaths_best=1), None, report(action="010", date=None, deaths_best=2))
    units = [unit, tuple(report(start=50, end=60, deaths_best=0) for _ in range(3))]
    name = adjudicate(units).open[0].unit
    with pytest.raises(InputError, match=f"todo.csv: row 7: .*{message}"):
        adjudicate(units, [Decision(name, column, decision, where="todo.csv: row 7")], coder=CARLA)


def test_a_decision_on_readings_that_have_changed_since_is_refused():
    before = (report(), report(action="194"))
    decision = Decision(adjudicate([before]).open[0].unit, "action", "B")
    for now in [(report(deaths_best=1), report(action="194")), (report(), report(action="195")), before[::-1]]:
        with pytest.raises(InputError, match="no disagreement has the unit 'U"):
            adjudicate([now], [decision], coder=CARLA)


def test_a_decision_on_what_all_agree_on_is_refused():
    agreed, other = (report(), report()), (report(start=30), report(start=30, action="010"))
    units = {q.unit for q in adjudicate([other]).open}
    name = next(name for name in adjudicate([agreed]).units if name not in units)
    with pytest.raises(InputError, match="has no disagreement on 'action'; expected no decision: all agree"):
        adjudicate([agreed, other], [Decision(name, "action", "A")], coder=CARLA)


def test_a_decision_stands_when_a_coder_only_changes_a_note():
    decision = Decision(adjudicate([(report(), report(action="194"))]).open[0].unit, "action", "B")
    assert adjudicate([(report(note="hm"), report(action="194", event="x"))], [decision], coder=CARLA).open == ()


def test_two_decisions_on_one_thing_must_be_the_same():
    units = [(report(), report(action="194"))]
    assert settled(units, ("action", "B"), ("action", "194")).rows[0]["action"] == "194"
    with pytest.raises(InputError, match=r"action of U.* is decided as '190', and as '194'"):
        settled(units, ("action", "B"), ("action", "A"))
    with pytest.raises(InputError, match="is kept and dropped"):
        settled([(report(), None, report(action="194"))], ("found", "keep"), ("action", "drop"))


def test_decisions_need_somebody_who_made_them():
    with pytest.raises(InputError, match="nobody who made them; expected --coder person:NAME"):
        settled([(report(), report(action="194"))], ("action", "B"), coder=None)


# ---- nothing hangs on order ----------------------------------------------------------------------------------------------------------

ROWS = st.builds(
    lambda start, **more: report(start=start, end=start + 7, **more),
    start=st.sampled_from([0, 20, 40]),
    action=st.sampled_from(["190", "194"]),
    target=st.sampled_from(["ARM", None]),
)
UNITS = st.lists(st.tuples(ROWS, st.one_of(st.none(), ROWS)), max_size=6)


@given(UNITS, st.randoms())
def test_nothing_hangs_on_the_order_of_units_and_decisions(units, chance):
    opened = adjudicate(units).open
    decisions = [Decision(q.unit, q.column, "keep" if q.column == "found" else "A") for q in opened[::2]]
    made = adjudicate(units, decisions, coder=CARLA)
    again = adjudicate(chance.sample(units, len(units)), chance.sample(decisions, len(decisions)), coder=CARLA)
    assert made == again


@given(UNITS)
def test_each_report_passes_is_dropped_or_is_asked_about(units):
    opened = adjudicate(units, coder=CARLA)
    assert len(opened.rows) + len({q.unit for q in opened.open}) == len(units)
    decisions = [Decision(q.unit, q.column, "drop") for q in opened.open]
    assert adjudicate(units, decisions, coder=CARLA).rows == opened.rows


# ---- the command ---------------------------------------------------------------------------------------------------------------------

TEXT = "On Friday they shelled the town. The ministers met in Goris. Crowds protested against it."
HEAD = ["unit", "source", "sentence", "start", "end", "trigger", "text", "column", "A: anna.csv", "B: ben.csv", "decision", "note"]


def placed(word, **more):
    return {"source": "a", "trigger": word, "start": TEXT.index(word), "end": TEXT.index(word) + len(word), "date": "2020-10-09", **more}


def write(path, *rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(dict.fromkeys(name for row in rows for name in row)), restval="")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def folder(tmp_path):
    shelled, met = (
        placed("shelled", actor="AZEMIL", action="190", target="ARM"),
        placed("met", actor="RUSGOV", action="040", target="ARMGOV"),
    )
    crowd = placed("protested", actor="ARMCVL", action="141", target="ARMGOV")
    write(tmp_path / "anna.csv", shelled | {"coder": "person:anna"}, met, crowd)
    write(tmp_path / "ben.csv", met, shelled | {"action": "194", "target": ""})
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path


@pytest.fixture
def call(eventcode, folder):
    """Adjudicate the two files of the folder."""
    return lambda *more: eventcode("adjudicate", "anna.csv", "ben.csv", "-o", "out.jsonl", *more, folder=folder)


def table(path):
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def decide(path, *decisions):
    """Fill in the decisions of a list, row by row."""
    head, *rows = table(path)
    filled = itertools.zip_longest(rows, decisions, fillvalue=("", ""))
    write(path, *[dict(zip(head, row, strict=True)) | {"decision": given[0], "note": given[1]} for row, given in filled])


def test_what_is_to_be_decided_is_listed_side_by_side(call, folder):
    ran = call("--to-decide", "todo.csv", "--articles", "articles")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "1 report settled, 0 decisions applied, 3 disagreements in 2 reports to be decided\n"
        "out.jsonl is not written, for it would hold a part only\n"
    )
    head, *rows = table(folder / "todo.csv")
    assert head == HEAD
    text = "On Friday they [shelled] the town. The ministers met in Goris. Crowds protested against it."
    assert [row[1:] for row in rows[:2]] == [
        ["a", "", "15", "22", "shelled", text, "action", "190", "194", "", ""],
        ["a", "", "15", "22", "shelled", text, "target", "ARM", "none", "", ""],
    ]
    assert rows[2][7:] == ["found", "ARMCVL 141 ARMGOV 2020-10-09", "", "", ""]
    assert sorted(path.name for path in folder.iterdir()) == ["anna.csv", "articles", "ben.csv", "todo.csv"]


def test_decisions_are_applied_and_the_result_is_clean_at_the_gate(call, folder):
    call("--to-decide", "todo.csv")
    decide(folder / "todo.csv", ("B", "by artillery"), ("NKR", ""), ("keep", "=seen"))
    ran = call("--decisions", "todo.csv", "--coder", CARLA, "--articles", "articles")
    assert (ran.code, ran.err) == (0, "3 reports settled, 3 decisions applied, 0 disagreements in 0 reports to be decided\n")
    made = [{name: row.get(name) for name in ("actor", "action", "target", "coder", "note")} for row in lines(folder / "out.jsonl")]
    assert made == [
        {"actor": "AZEMIL", "action": "194", "target": "NKR", "coder": CARLA, "note": "by artillery"},
        {"actor": "RUSGOV", "action": "040", "target": "ARMGOV", "coder": CARLA, "note": None},
        {"actor": "ARMCVL", "action": "141", "target": "ARMGOV", "coder": CARLA, "note": "=seen"},
    ]
    checked = validate(folder / "out.jsonl", articles=["a"])
    assert (checked.errors, checked.frame.height) == (0, 3)
    head, *log = table(folder / "out.decisions.csv")
    assert head == ["unit", "source", "column", "A: anna.csv", "B: ben.csv", "decision", "value", "by", "note"]
    assert [row[2:] for row in log] == [
        ["action", "190", "194", "B", "194", CARLA, "by artillery"],
        ["target", "ARM", "none", "NKR", "NKR", CARLA, ""],
        ["found", "ARMCVL 141 ARMGOV 2020-10-09", "", "keep", "keep", CARLA, "'=seen"],
    ]


def test_what_is_undecided_is_listed_again_and_lists_add_up(call, folder):
    call("--to-decide", "todo.csv")
    decide(folder / "todo.csv", ("B", ""))
    ran = call("--decisions", "todo.csv", "--coder", CARLA, "--to-decide", "rest.csv")
    assert ran.code == 1
    assert [row[7] for row in table(folder / "rest.csv")[1:]] == ["target", "found"]
    decide(folder / "rest.csv", ("A", ""), ("drop", ""))
    assert call("--decisions", "todo.csv", "--decisions", "rest.csv", "--coder", CARLA, "--to-decide", "none.csv").code == 0
    assert [row["trigger"] for row in lines(folder / "out.jsonl")] == ["shelled", "met"]
    assert table(folder / "none.csv") == [HEAD]


def test_a_part_is_written_only_where_it_is_asked_for_and_never_passes_for_the_whole(call, folder):
    (folder / "out.jsonl").write_text("older\n", encoding="utf-8")
    assert call().code == 1
    assert (folder / "out.jsonl").read_text(encoding="utf-8") == "older\n"
    ran = call("--partial")
    assert (ran.code, ran.err.splitlines()[1]) == (1, "out.jsonl holds a part only; list what is to be decided with --to-decide")
    assert [row["trigger"] for row in lines(folder / "out.jsonl")] == ["met"]


def test_the_same_bytes_in_every_run_whatever_the_order_of_the_rows(call, folder):
    def made():
        call("--to-decide", "todo.csv")
        decide(folder / "todo.csv", ("B", "by artillery"), ("A", ""), ("keep", ""))
        call("--to-decide", "todo.xlsx")
        assert call("--decisions", "todo.csv", "--coder", CARLA).code == 0
        return [(folder / name).read_bytes() for name in ("out.jsonl", "out.decisions.csv", "todo.csv", "todo.xlsx")]

    before = made()
    for name in ("anna.csv", "ben.csv"):
        head, *rows = table(folder / name)
        write(folder / name, *[dict(zip(head, row, strict=True)) for row in rows[::-1]])
    assert made() == before


def test_a_workbook_offers_what_can_be_taken_and_is_read_back(call, folder):
    assert call("--to-decide", "todo.xlsx", "--articles", "articles").code == 1
    book = load_workbook(folder / "todo.xlsx")
    sheet = book.active
    assert [cell.value for cell in sheet[1]] == HEAD
    offered = {str(each.sqref): (each.formula1, each.showErrorMessage) for each in sheet.data_validations.dataValidation}
    assert offered == {"K2:K3": ('"A,B,drop"', False), "K4": ('"keep,drop"', False)}
    assert {sheet.cell(row, 11).number_format for row in (2, 3, 4)} == {"@"}
    for row, decision in ((2, "0811"), (3, "A"), (4, "drop")):
        sheet.cell(row, 11).value = decision
    book.save(folder / "todo.xlsx")
    ran = call("--decisions", "todo.xlsx", "--coder", CARLA)
    assert (ran.code, [row["action"] for row in lines(folder / "out.jsonl")]) == (0, ["0811", "040"])


def test_what_a_spreadsheet_would_run_stands_behind_an_apostrophe(call, folder):
    write(folder / "anna.csv", placed("met", actor="RUSGOV", action="040", target="ARMGOV", place="=1+1"))
    write(folder / "ben.csv", placed("met", actor="RUSGOV", action="040", target="ARMGOV", place="Goris"))
    call("--to-decide", "todo.csv")
    assert table(folder / "todo.csv")[1][7:10] == ["place", "'=1+1", "Goris"]
    decide(folder / "todo.csv", ("A", ""))
    call("--decisions", "todo.csv", "--coder", CARLA)
    assert lines(folder / "out.jsonl")[0]["place"] == "=1+1"


@pytest.mark.parametrize(
    ("decisions", "message"),
    [
        (["1900", "A", "keep"], "eventcode: todo.csv: row 1: the gate refuses what U"),
        (["A", "AZEMIL1", "keep"], "eventcode: todo.csv: row 2: the gate refuses what U"),
        (["A", "A", "yes"], "eventcode: todo.csv: row 3: the decision on found is 'yes'; expected keep or drop"),
        (["none", "A", "keep"], "eventcode: todo.csv: row 1: the gate refuses what U"),
    ],
)
def test_a_decision_that_does_not_fit_is_named_by_its_row_and_nothing_is_written(call, folder, decisions, message):
    call("--to-decide", "todo.csv")
    decide(folder / "todo.csv", *[(each, "") for each in decisions])
    ran = call("--decisions", "todo.csv", "--coder", CARLA, "--partial", "--to-decide", "rest.csv")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert ran.err.startswith(message)
    assert sorted(path.name for path in folder.iterdir()) == ["anna.csv", "articles", "ben.csv", "todo.csv"]


def test_two_reports_that_decisions_make_the_same_are_refused(call, folder):
    write(folder / "anna.csv", *[placed("met", actor="RUSGOV", action="040", target=target) for target in ("ARMGOV", "AZEGOV")])
    write(folder / "ben.csv", *[placed("met", actor="RUSGOV", action="042", target=target) for target in ("ARMGOV", "AZE")])
    call("--to-decide", "todo.csv")
    assert [row[7] for row in table(folder / "todo.csv")[1:]] == ["action", "action", "target"]
    decide(folder / "todo.csv", ("A", ""), ("A", ""), ("ARMGOV", ""))
    ran = call("--decisions", "todo.csv", "--coder", CARLA)
    assert ran.code == 2
    assert "EC501" in ran.err
    assert not (folder / "out.jsonl").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--decisions", "todo.csv"], "there are decisions, and nobody who made them; expected --coder person:NAME"),
        (["--decisions", "todo.csv", "--coder", "carla"], "carla: this is no coder who decides; expected person:NAME or model:NAME"),
        (["--decisions", "todo.csv", "--coder", "program:x"], "program:x: this is no coder who decides"),
        (["--decisions", "ben.csv", "--coder", CARLA], "ben.csv: there is no column unit; expected the list that --to-decide writes"),
        (["--decisions", "missing.csv", "--coder", CARLA], "missing.csv: no such file"),
        (["--to-decide", "ben.csv"], "ben.csv: this is a file that is read"),
        (["--to-decide", "todo.csv", "--decisions", "todo.csv", "--coder", CARLA], "todo.csv: this is a file that is read"),
        (["--to-decide", "out.decisions.csv"], "out.decisions.csv: two tables would be written here"),
        (["--to-decide", "todo.txt"], "todo.txt: cannot write .txt; expected an ending .csv or .xlsx"),
        (["--to-decide", "nowhere/todo.csv"], "nowhere: no such folder"),
        (["-o", "out.csv"], "out.csv: cannot write .csv; expected an ending .jsonl"),
        (["anna.csv"], "nothing to compare"),
    ],
)
def test_what_cannot_run_says_so_in_one_line(call, folder, arguments, message):
    call("--to-decide", "todo.csv")
    decide(folder / "todo.csv", ("A", ""))
    before = {path.name: path.read_bytes() for path in folder.glob("*.*")}
    ran = call(*arguments)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert message in ran.err
    assert {path.name: path.read_bytes() for path in folder.glob("*.*")} == before


def test_help_shows_how_to_call(eventcode):
    assert "--decisions todo.csv" in eventcode("adjudicate", "--help").out
