"""`eventcode evaluate` and the accuracy floors: what is read, what is counted, what is refused."""

import importlib.util
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from eventcode import evaluation
from eventcode.coder import code as coder
from eventcode.coder.articles import SourceArticle
from eventcode.evaluation import Gold, GoldEvent, evaluate

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Said:
    """A report as a stand-in for the coder makes it."""

    action: str
    actor: str | None = None
    target: str | None = None
    confidence: float = 0.5


@dataclass(frozen=True)
class Coded:
    reports: tuple[Said, ...]


def text(name="a", words="Kenya met Togo."):
    return SourceArticle(name, words, None, {})


def gold(*events, number=0, is_complete=False, plover=""):
    return Gold(text(f"t{number}"), tuple(events), is_complete=is_complete, plover=plover, row=number)


def classed(name, number):
    return Gold(text(f"t{number}"), None, plover=name, row=number)


def lines(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def write(path, content):
    path.write_text(content, encoding="utf-8")
    return path


# ---- what is counted -----------------------------------------------------------------------------------------------------------------


def test_levels_are_shares_of_gold_events_that_some_report_agrees_with():
    golds = [gold(GoldEvent("1823"), number=0), gold(GoldEvent("182"), number=1), gold(GoldEvent("18"), number=2), gold(number=3)]
    made = evaluate(golds, [[Said("010"), Said("1822")], [Said("182")], [Said("190")], []])
    assert made.value("level_1") == pytest.approx(2 / 3)
    assert made.value("level_2") == 1.0
    assert made.value("level_3") == 0.5
    assert {f.name: f.of for f in made.figures} == {"level_1": 3, "level_2": 2, "level_3": 2}
    assert (made.rows, made.silent) == (4, 1)


def test_precision_counts_reports_of_texts_whose_gold_lists_all_events():
    golds = [gold(GoldEvent("190"), number=0), gold(GoldEvent("190"), number=1, is_complete=True), gold(number=2, is_complete=True)]
    made = evaluate(golds, [[Said("010")], [Said("195"), Said("010")], [Said("040"), Said("050")]])
    assert made.value("precision") == 0.25
    assert made.roots_taken == {("19", "01"): 1, ("19", "19"): 1, ("none", "01"): 1, ("none", "04"): 1, ("none", "05"): 1}


def test_the_whole_asks_for_one_report_with_all_that_the_gold_says():
    golds = [
        gold(GoldEvent("190", "KENMIL", "TGO"), number=0),
        gold(GoldEvent("190", "KEN", "TGO"), number=1),
        gold(GoldEvent("040", "IGOUNO"), number=2),
    ]
    made = evaluate(
        golds, [[Said("195", "KENGOV", "TGOREB")], [Said("190", "KEN", "GHA"), Said("010", "GHA", "TGO")], [Said("043", "IGO")]]
    )
    assert made.value("actor_country") == made.value("target_country") == 1.0
    assert made.value("whole") == pytest.approx(2 / 3)


def test_classes_have_precision_recall_and_f1():
    golds = [classed("ACCUSE", 0), classed("ACCUSE", 1), classed("ASSAULT", 2), classed("CONSULT", 3)]
    made = evaluate(golds, [[Said("112")], [Said("010")], [Said("190"), Said("111")], []])
    assert [(c.name, c.rows, c.precision, c.recall) for c in made.classes] == [
        ("ACCUSE", 2, 0.5, 0.5),
        ("ASSAULT", 1, 1.0, 1.0),
        ("CONSULT", 1, None, 0.0),
    ]
    assert made.value("macro_f1") == pytest.approx((0.5 + 1 + 0) / 3)
    assert made.value("class") == 0.5
    # A statement has no class, so it is not what an accusation was taken for.
    assert made.classes_taken == {("ACCUSE", "ACCUSE"): 1, ("ACCUSE", "none"): 1, ("ASSAULT", "ASSAULT"): 1, ("CONSULT", "none"): 1}
    assert made.roots_taken == {}


def test_a_gold_that_knows_yield_makes_its_two_heirs_one_class():
    reports = [[Said("081")], [Said("087")]]
    assert evaluate([classed("YIELD", 0), classed("YIELD", 1)], reports).value("class") == 1.0
    assert evaluate([classed("CONCEDE", 0), classed("CONCEDE", 1)], reports).value("class") == 0.5


def test_an_event_missed_stands_beside_the_surest_report_that_is_no_other_event():
    golds = [gold(GoldEvent("190"), GoldEvent("040"))]
    made = evaluate(golds, [[Said("010", confidence=0.2), Said("042", confidence=0.9), Said("130", confidence=0.6)]])
    assert made.roots_taken == {("19", "13"): 1, ("04", "04"): 1}
    assert evaluation.confusions(made.roots_taken) == [("19", "13", 1)]


def test_intervals_hold_the_figure_and_are_the_same_in_every_run():
    golds = [gold(GoldEvent("190"), number=n) for n in range(100)]
    reports = [[Said("190")] if n % 4 else [] for n in range(100)]
    (figure, *_), (again, *_) = (evaluate(golds, reports).figures for _ in range(2))
    assert figure == again
    assert figure.low < 0.75 < figure.high
    # Twice the standard error of a share of 0.75 in 100 rows is 0.087.
    assert 0.06 < figure.high - figure.value < 0.11
    assert 0.06 < figure.value - figure.low < 0.11


def test_events_of_one_row_are_drawn_together():
    # Fifty events of one row are as uncertain as one event.
    apart = evaluate([gold(GoldEvent("190"), number=n) for n in range(100)], [[Said("190")] * (n < 50) for n in range(100)])
    together = evaluate([gold(GoldEvent("190"), number=n // 50) for n in range(100)], [[Said("190")] * (n < 50) for n in range(100)])
    assert (together.rows, together.silent) == (2, 1)
    assert (together.figures[0].low, together.figures[0].high) == (0.0, 1.0)
    assert apart.figures[0].low > 0.35


# ---- what is read --------------------------------------------------------------------------------------------------------------------


def test_json_lines_of_all_kinds_are_read(tmp_path):
    trained = {
        "text": "Kenya met Togo.",
        "events": [
            {"source": [0, 5], "target": [10, 14], "trigger": [6, 9], "code": "040", "status": "asserted"},
            {"source": [10, 14], "target": None, "trigger": [6, 9], "code": None, "status": "asserted"},
        ],
    }
    rows = (
        {"id": "PLOVER-1", "text": "x", "root": "ACCUSE", "code": None},
        {"text": "x", "root": "CONSULT", "code": "042", "actor": "USA", "target": "CHNGOV"},
        {"text": "x", "events": []},
        {"text": "x", "events": [{"code": "0211", "target": "TGO"}, {"code": "190"}]},
        trained,
    )
    first, second, third, fourth, fifth = evaluation.read(write(tmp_path / "gold.jsonl", lines(*rows).replace("\n", "\n\n", 1)))
    assert (first.article.id, first.events, first.plover, first.is_complete) == ("PLOVER-1", None, "ACCUSE", False)
    assert (second.events, second.plover, second.is_complete) == ((GoldEvent("042", "USA", "CHNGOV"),), "CONSULT", False)
    assert (third.events, third.is_complete) == ((), True)
    assert (fourth.events, fourth.is_complete) == ((GoldEvent("0211", None, "TGO"), GoldEvent("190")), True)
    assert (fifth.events, fifth.is_complete) == ((GoldEvent("040", source_span=(0, 5), target_span=(10, 14)),), True)
    assert [second.row, second.where] == [1, f"{tmp_path / 'gold.jsonl'}:3"]


def test_a_table_is_read_and_its_codes_keep_their_zeros(tmp_path):
    content = 'id,text,published,code,events,source_span\na,Kenya met Togo.,2024-03-15,042,,"[0, 5]"\nb,It rained.,,,[],\n'
    first, second = evaluation.read(write(tmp_path / "gold.csv", content))
    assert first.events == (GoldEvent("042"),)
    assert (first.article.published.isoformat(), first.article.source_span) == ("2024-03-15", (0, 5))
    assert (second.events, second.is_complete) == ((), True)


def test_marked_pairs_are_those_of_the_row_else_those_of_its_events_with_one_code():
    marked = SourceArticle("m", "Kenya met Togo.", None, {}, (0, 5), (10, 14))
    a, b = (0, 5), (10, 14)
    events = (GoldEvent("040", None, None, a, b), GoldEvent("050", None, None, b, a), GoldEvent("057", None, None, b, a))
    golds = [
        Gold(marked, None, plover="CONSULT", row=0),
        Gold(marked, (), is_complete=True, row=1),
        Gold(text("e"), events, is_complete=True, row=2),
        Gold(text("n"), (), is_complete=True, row=3),
        gold(GoldEvent("040"), GoldEvent("050"), number=4, is_complete=True),
    ]
    made = evaluation.pairs(golds)
    assert [(g.row, g.article.source_span, g.article.target_span, g.events, g.is_complete) for g in made] == [
        (0, a, b, None, False),
        (2, a, b, events[:1], False),
        (4, None, None, (GoldEvent("040"), GoldEvent("050")), True),
    ]


TEXT = {"text": "Kenya met Togo."}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (TEXT, "the row does not say what is right; expected one of code, root and events"),
        ({**TEXT, "code": None}, "write events [] for no event"),
        ({**TEXT, "code": 42}, 'a code is 42; expected a CAMEO code as text; write it in quotes: "042"'),
        ({**TEXT, "code": "42"}, "no such action: '42'; expected a CAMEO 1.1b3 code; did you mean 042?"),
        ({**TEXT, "code": "042", "actor": "Kenya"}, "an actor is 'Kenya'; expected an actor code"),
        ({**TEXT, "code": "042", "events": []}, "there are both code and events; expected one of them"),
        ({**TEXT, "root": "BLAME"}, "root is 'BLAME'; expected a PLOVER class: ACCUSE, AGREE"),
        ({**TEXT, "root": "19"}, "give a CAMEO code under the name `code`"),
        ({**TEXT, "root": ["ACCUSE"]}, "root is ['ACCUSE']"),
        ({**TEXT, "events": "none"}, "events is not JSON"),
        ({**TEXT, "events": {"code": "042"}}, "events is {'code': '042'}; expected a list of events, [] for none"),
        ({**TEXT, "events": ["042"]}, "an event is '042'; expected an object with a code"),
        ({**TEXT, "events": [{"code": "042", "source": [0, 99], "target": None}]}, "a span is [0, 99], the text has 15 characters"),
        ({**TEXT, "events": [{"code": "042", "source": [0], "target": None}]}, "a span is [0]; expected [start, end]"),
        ({**TEXT, "code": "042", "source_span": [5, 5]}, "a span is [5, 5]"),
        ({"code": "042"}, "there is no text"),
    ],
)
def test_a_row_that_cannot_be_read_is_named_with_its_line_and_nothing_is_coded(eventcode, tmp_path, row, message):
    path = write(tmp_path / "gold.jsonl", lines({**TEXT, "code": "040"}, row))
    ran = eventcode("evaluate", str(path), "-o", str(tmp_path / "out.json"))
    assert (ran.code, ran.out) == (2, "")
    assert "gold.jsonl:2: " in ran.err
    assert message in ran.err
    assert ran.err.count("\n") == 1
    assert not (tmp_path / "out.json").exists()


@pytest.mark.parametrize(
    ("name", "content", "arguments", "message"),
    [
        ("gold.txt", "x", [], "cannot read files that end in '.txt'"),
        ("gold.jsonl", "", [], "the file holds no rows"),
        ("gold.jsonl", "no json\n", [], "gold.jsonl:1: the line is not JSON"),
        ("gold.jsonl", lines({**TEXT, "id": "a", "code": "040"}, {**TEXT, "id": "a", "code": "040"}), [], "two articles have the id 'a'"),
        ("gold.jsonl", lines({**TEXT, "code": "040"}), ["--given-actors"], "gold.jsonl:1: no row marks a pair with one code"),
        ("gold.jsonl", lines({**TEXT, "events": []}), ["--given-actors"], "no row marks a pair with one code"),
        ("gold.jsonl", lines({**TEXT, "code": "040"}), ["-o", "out.csv"], "cannot write .csv"),
        ("gold.jsonl", lines({**TEXT, "code": "040"}), ["-o", "nowhere/out.json"], "no such folder"),
    ],
)
def test_what_cannot_run_says_so_in_one_line(eventcode, tmp_path, name, content, arguments, message):
    write(tmp_path / name, content)
    ran = eventcode("evaluate", name, *arguments, folder=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
    assert ran.err.count("\n") == 1


# ---- the command ---------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def stand_in(monkeypatch):
    """A coder that says what it is told of a text, and notes how it was called."""
    calls = []

    def say(reports):
        def code(articles, *, given_actors=False):
            for article in articles:
                calls.append((article, given_actors))
                yield Coded(tuple(reports.get(article.text, ())))

        monkeypatch.setattr(coder, "code", code)
        return calls

    return say


ROWS = (
    {"text": "Turkey bombed Syria.", "code": "195", "actor": "TUR", "target": "SYR", "root": "ASSAULT"},
    {"text": "France blamed Russia.", "root": "ACCUSE", "source_span": [0, 6], "target_span": [14, 20]},
    {"text": "It rained.", "events": []},
)


def test_figures_as_text(eventcode, tmp_path, stand_in):
    stand_in({"Turkey bombed Syria.": [Said("190", "TUR", "SYR")], "It rained.": [Said("010")]})
    ran = eventcode("evaluate", str(write(tmp_path / "gold.jsonl", lines(*ROWS))))
    assert (ran.code, ran.err) == (0, "")
    assert "3 rows, 1 without an event found" in ran.out
    assert "root right (2 digits)" in ran.out
    assert "0.000  (0.000 to 0.000)  of 1 reports" in ran.out
    assert "none -> 01: 1\n" in ran.out
    assert "ACCUSE -> none: 1\n" in ran.out


def test_figures_as_json_printed_and_written_are_the_same(eventcode, tmp_path, stand_in):
    stand_in({"Turkey bombed Syria.": [Said("190", "TUR", "SYR")]})
    path = write(tmp_path / "gold.jsonl", lines(*ROWS))
    ran = eventcode("evaluate", str(path), "--format", "json", "--output", str(tmp_path / "out.json"))
    made = json.loads(ran.out)
    assert made == json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert (made["rows"], made["rows_without_event_found"]) == (3, 2)
    assert made["figures"]["level_1"] == {"value": 1.0, "low": 1.0, "high": 1.0, "of": 1}
    assert made["figures"]["level_3"]["value"] == 0.0
    assert made["figures"]["whole"]["value"] == 1.0
    assert made["confusion_roots"] == {"19": {"19": 1}}
    assert made["confusion_classes"] == {"ACCUSE": {"none": 1}, "ASSAULT": {"ASSAULT": 1}}
    assert {p.name for p in tmp_path.iterdir()} == {"gold.jsonl", "out.json"}


def test_given_actors_codes_the_marked_pairs_and_says_what_was_left_out(eventcode, tmp_path, stand_in):
    calls = stand_in({"France blamed Russia.": [Said("112")]})
    ran = eventcode("evaluate", str(write(tmp_path / "gold.jsonl", lines(*ROWS))), "--given-actors")
    assert ran.code == 0
    assert [(article.source_span, article.target_span, given) for article, given in calls] == [
        (None, None, True),
        ((0, 6), (14, 20), True),
    ]
    assert "2 rows, 1 without" in ran.out
    assert ran.err.splitlines() == [
        "1 of 3 rows left out: no pair in them has exactly one code",
        "1 of 3 rows mark no pair: their whole texts were coded",
    ]


# ---- the floors ----------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def floors():
    spec = importlib.util.spec_from_file_location("floors", ROOT / "benchmarks" / "floors.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


OLD = {"corpus_sha256": "aaa", "floors": {"x.root": 0.7, "x.code": 0.5}, "changes": []}


def test_first_floors_lie_a_little_below_the_figures(floors):
    made = floors.updated(None, {"x.root": 0.70512345, "x.code": 0.5}, "aaa")
    assert made == {"corpus_sha256": "aaa", "floors": {"x.root": 0.7001, "x.code": 0.495}, "changes": []}
    assert floors.faults(made, {"x.root": 0.7001, "x.code": 0.495}, "aaa") == []


def test_floors_rise_and_stay(floors):
    assert floors.updated(OLD, {"x.root": 0.8, "x.code": 0.505}, "aaa")["floors"] == {"x.root": 0.795, "x.code": 0.5}
    again = floors.updated(None, {"x.root": 0.123456}, "aaa")
    assert floors.updated(again, {"x.root": 0.123456}, "aaa") == again


def test_no_floor_is_lowered(floors):
    with pytest.raises(floors.FloorError) as refused:
        floors.updated(OLD, {"x.root": 0.9, "x.code": 0.504}, "aaa")
    assert "x.code: old 0.5000, new 0.4990" in str(refused.value)
    assert "x.root" not in str(refused.value)
    with pytest.raises(floors.FloorError, match=r"x\.code: old 0\.5000, new none"):
        floors.updated(OLD, {"x.root": 0.9}, "aaa")


def test_a_reason_does_not_lower_floors_where_the_gold_is_the_same(floors):
    with pytest.raises(floors.FloorError, match="the gold did not change"):
        floors.updated(OLD, {"x.root": 0.6, "x.code": 0.4}, "aaa", "harder")


def test_where_the_gold_changed_floors_are_lowered_for_a_reason_that_is_kept(floors):
    with pytest.raises(floors.FloorError, match=r"the gold changed, and floors would be lowered: x\.code: old 0\.5000, new 0\.3950"):
        floors.updated(OLD, {"x.root": 0.71, "x.code": 0.4}, "bbb")
    made = floors.updated(OLD, {"x.root": 0.71, "x.code": 0.4}, "bbb", "harder sentences")
    change = {"reason": "harder sentences", "from": "aaa", "to": "bbb", "lowered": {"x.code": {"old": 0.5, "new": 0.395}}}
    assert made == {"corpus_sha256": "bbb", "floors": {"x.root": 0.705, "x.code": 0.395}, "changes": [change]}


def test_figures_below_and_another_gold_are_faults(floors):
    found = floors.faults(OLD, {"x.root": 0.6999}, "bbb")
    assert [fault.split()[0] for fault in found] == ["the", "x.root", "x.code"]
    assert "x.root is 0.6999, below its floor 0.7000" in found


@pytest.mark.parametrize(
    ("arguments", "root", "status", "message"),
    [
        ([], 0.8, 0, ""),
        ([], 0.6, 1, "x.root is 0.6000, below its floor 0.7000"),
        (["--update"], 0.6, 2, "x.root: old 0.7000, new 0.5950"),
        (["--update"], 0.8, 0, ""),
    ],
)
def test_the_exit_code_says_how_it_went(floors, monkeypatch, capsys, tmp_path, arguments, root, status, message):
    path = write(tmp_path / "floors.json", json.dumps(OLD))
    monkeypatch.setattr(floors, "held_out", lambda _: [])
    monkeypatch.setattr(floors, "digest", lambda *_: "aaa")
    monkeypatch.setattr(floors, "measure", lambda *_: {"x.root": root, "x.code": 0.6})
    assert floors.main([*arguments, "--floors", str(path)]) == status
    assert message in capsys.readouterr().err
    written = json.loads(path.read_text(encoding="utf-8"))
    assert (written == OLD) == (not arguments or status != 0)


def test_the_digest_is_of_what_is_measured(floors):
    rows = [{"text": "a", "events": []}, {"text": "b", "events": [{"code": "040"}]}]
    book = list(floors.actions().values())
    assert floors.digest(rows, book) == floors.digest([{**row, "actors": []} for row in reversed(rows)], book)
    assert floors.digest(rows[:1], book) != floors.digest(rows, book) != floors.digest(rows, book[1:])


def test_examples_and_decoys_are_counted_by_code_and_by_root_where_the_code_is_a_root(floors):
    book = [floors.actions()[code] for code in ("19", "190", "0311")]
    examples = [[Said("195")], [Said("195")], [Said("010"), Said("0311")]]
    decoys = [[Said("195")], [Said("195")], []]
    made = floors.of_codebook(book, examples, decoys)
    assert made["codebook.example_root"] == 1.0
    assert made["codebook.example_code"] == made["codebook.decoy_not_wrong"] == pytest.approx(2 / 3)


@pytest.mark.slow
def test_the_coder_is_at_or_above_its_floors(floors):
    if not any(floors.SENTENCES.glob("*.jsonl")):
        pytest.skip("training/sentences is empty")
    done = subprocess.run(
        [sys.executable, ROOT / "benchmarks" / "floors.py"],
        capture_output=True, text=True, check=False, encoding="utf-8", env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
