"""`eventcode agreement`: alpha against published figures, which reports are pairs, what is printed and written, what is refused."""

import csv
import io
import json
import random
from collections import Counter
from datetime import date
from fractions import Fraction
from itertools import permutations
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventcode.contribute import agreement
from eventcode.contribute.agreement import COLUMNS, compare
from eventcode.contribute.alpha import alpha
from eventcode.contribute.confusion import named
from eventcode.errors import InputError


def report(**more):
    return {"source": "a", "actor": "AZEMIL", "action": "190", "target": "ARM", "date": "2020-10-09", "start": 10, "end": 17, **more}


def write(path, *rows, names=None):
    """A contribution with the columns of its rows, or those named."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names or list(dict.fromkeys(name for row in rows for name in row)), restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def compared(tmp_path):
    """Compare the rows of coders."""

    def call(*coders):
        return compare([write(tmp_path / f"{n}.csv", *rows, names=None if rows else list(report())) for n, rows in enumerate(coders)])

    return call


def column(made, name):
    return next(each for each in made.columns if each.name == name)


# ---- alpha ---------------------------------------------------------------------------------------------------------------------------


def coders(*lines):
    """Units from a line a coder, as reliability data are printed."""
    said = [[None if mark == "." else int(mark) if mark.isdigit() else mark for mark in line.split()] for line in lines]
    return list(zip(*said, strict=True))


FOUR = coders("1 2 3 3 2 1 4 1 2 . . .", "1 2 3 3 2 2 4 1 2 5 . 3", ". 3 3 3 2 3 4 2 2 5 1 .", "1 2 3 3 2 4 4 1 2 5 1 .")


@pytest.mark.parametrize(
    ("units", "metric", "value"),
    [
        (coders("0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0"), "nominal", 0.095),
        (coders("a a b b d c c c e d d a", "b a b b b c c c e d d d"), "nominal", 0.692),
        (FOUR, "nominal", 0.743),
        (FOUR, "interval", 0.849),
    ],
    ids=["two coders, binary", "two coders, nominal", "four coders, nominal", "four coders, interval"],
)
def test_alpha_is_what_krippendorff_publishes(units, metric, value):
    """Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011): its four worked examples with these metrics."""
    assert round(alpha(units, metric=metric), 3) == value


def test_alpha_by_hand():
    """Pairs aa, ab, bb: the matrix holds aa 2, ab 1, ba 1, bb 2; 2 of 6 differ, by chance 18 of 30."""
    assert alpha([("a", "a"), ("a", "b"), ("b", "b")]) == pytest.approx(1 - (2 / 6) / (18 / 30))


@pytest.mark.parametrize("units", [[], [("a", None)], [("a", "a")], [("a", "a"), ("a", "a", "a"), ("b",)], [(None, None)]])
def test_there_is_no_alpha_where_nothing_varies(units):
    assert alpha(units) is None


def slow(units, metric):
    """Alpha from a coincidence matrix that is written out, in fractions."""
    matrix = Counter()
    for unit in ([value for value in unit if value is not None] for unit in units):
        for one, other in permutations(unit, 2):
            matrix[one, other] += Fraction(1, len(unit) - 1)
    margins = Counter()
    for (one, _), n in matrix.items():
        margins[one] += n
    apart = (lambda a, b: int(a != b)) if metric == "nominal" else (lambda a, b: (a - b) ** 2)
    expected = sum(margins[a] * margins[b] * apart(a, b) for a in margins for b in margins)
    return None if not expected else 1 - (margins.total() - 1) * sum(n * apart(*pair) for pair, n in matrix.items()) / Fraction(expected)


UNITS = st.lists(st.lists(st.none() | st.integers(0, 5), min_size=3, max_size=3), max_size=12)
METRICS = st.sampled_from(["nominal", "interval"])


@given(UNITS, METRICS)
def test_alpha_is_that_of_the_matrix_written_out(units, metric):
    known = slow(units, metric)
    assert alpha(units, metric=metric) == (None if known is None else pytest.approx(float(known), abs=1e-12))


@given(UNITS, METRICS, st.randoms())
def test_alpha_does_not_hang_on_the_order_of_units_and_coders(units, metric, chance):
    order = chance.sample(range(3), 3)
    mixed = [[unit[n] for n in order] for unit in chance.sample(units, len(units))]
    assert alpha(mixed, metric=metric) == alpha(units, metric=metric)


@given(st.lists(st.sampled_from("abc"), min_size=1), st.permutations("xyz"))
def test_the_nominal_alpha_does_not_hang_on_what_values_are_called(said, names):
    units = list(zip(said, random.Random(1).sample(said, len(said)), strict=True))
    renamed = [tuple(dict(zip("abc", names, strict=True))[value] for value in unit) for unit in units]
    known = alpha(units)
    assert alpha(renamed) == (None if known is None else pytest.approx(known))


# ---- which reports are pairs ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "is_pair"),
    [
        ({}, {}, True),
        ({}, {"action": "010", "actor": "RUS", "target": ""}, True),
        ({"start": 10, "end": 17}, {"start": 16, "end": 30}, True),
        ({"start": 10, "end": 17}, {"start": 17, "end": 30}, False),
        ({"start": 5, "end": 5}, {"start": 5, "end": 5}, True),
        ({}, {"source": "b"}, False),
        ({"sentence": 3}, {"sentence": 3, "start": 40, "end": 42, "action": "195"}, True),
        ({"sentence": 3}, {"sentence": 3, "start": 40, "end": 42, "action": "180"}, False),
        ({"sentence": 3}, {"sentence": 4, "start": 40, "end": 42}, False),
        ({"sentence": 3}, {"sentence": 3, "start": "", "end": "", "actor": "RUS"}, True),
        ({"sentence": ""}, {"sentence": "", "start": "", "end": ""}, False),
        ({"start": "", "end": ""}, {"start": "", "end": ""}, False),
    ],
)
def test_a_pair_shares_the_span_or_else_sentence_and_root(compared, one, other, is_pair):
    for coders in ([report(**one)], [report(**other)]), ([report(**other)], [report(**one)]):
        made = compared(*coders)
        assert (made.units, made.pairs[0].both) == ((1, 1) if is_pair else (2, 0))


def test_reports_of_one_trigger_go_with_those_that_are_most_alike(compared):
    one = [report(actor="AZE", target="ARM"), report(actor="ARM", target="AZE"), report(actor="AZEMIL", target="ARMMIL")]
    other = [report(actor="ARMGOV", target="AZE"), report(actor="AZEMIL", target="ARM"), report(actor="AZE", target="ARM")]
    made = compared(one, other)
    assert column(made, "actor_country").alpha == 1.0
    said = [(each["column"], *list(each.values())[6:]) for each in made.disagreements]
    assert said == [("actor", "ARM", "ARMGOV"), ("actor_roles", "none", "GOV"), ("target", "ARMMIL", "ARM")]


def test_a_shared_trigger_goes_before_a_shared_sentence(compared):
    made = compared([report(sentence=1)], [report(sentence=1, actor="RUS", target="USA"), report(sentence=1, start=30, end=33)])
    assert column(made, "actor").share == 0.0


def test_of_very_many_reports_of_one_article_the_right_ones_are_pairs(compared):
    one = [report(start=n * 10, end=n * 10 + 7) for n in range(300)]
    other = [report(start=n * 10 + 5, end=n * 10 + 9, actor="ARM", target="") for n in range(0, 300, 3)]
    made = compared(one, [report(start=0, end=3000, actor="RUS", action="010"), *other])
    assert (made.units, made.pairs[0].both) == (300, 101)


def test_a_third_coder_is_paired_with_what_either_of_the_others_has(compared):
    made = compared([report()], [report(start=40, end=45)], [report(), report(start=44, end=50), report(start=90, end=95)])
    assert made.units == 3
    assert [(pair.both, pair.either) for pair in made.pairs] == [(0, 2), (1, 3), (1, 3)]
    assert column(made, "actor").units == 2


REPORTS = st.lists(
    st.builds(
        lambda start, **more: report(start=start, end=start + 7, **more),
        source=st.sampled_from("ab"),
        start=st.sampled_from([0, 5, 20]),
        sentence=st.integers(1, 2),
        actor=st.sampled_from(["AZE", "AZEMIL", "ARM"]),
        action=st.sampled_from(["190", "194", "042"]),
        target=st.sampled_from(["ARM", "RUSGOV", ""]),
        deaths_best=st.sampled_from(["", 0, 3, 20]),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda row: tuple(row[name] for name in ("source", "start", "actor", "action", "target")),
)


def compared_ungated(*coders):
    """Compare rows as the gate would hand them on; hundreds of examples take too long to pass it."""
    files = {
        Path(f"{n}.csv"): [
            {**{name: None if cell == "" else cell for name, cell in row.items()}, "date": date.fromisoformat(row["date"])} for row in rows
        ]
        for n, rows in enumerate(coders)
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(agreement, "_sent", lambda file, _: files[file])
        return compare(list(files))


@given(REPORTS, REPORTS, st.randoms())
def test_nothing_hangs_on_the_order_of_rows_or_of_two_coders(one, other, chance):
    made = compared_ungated(one, other)
    again = compared_ungated(*(chance.sample(rows, len(rows)) for rows in (other, one)))
    assert made.columns == again.columns
    assert (made.units, made.pairs[0].both, made.pairs[0].f1) == (again.units, again.pairs[0].both, again.pairs[0].f1)
    assert len(made.disagreements) == len(again.disagreements)


@given(REPORTS, st.randoms())
def test_coders_with_the_same_rows_agree_in_all(rows, chance):
    made = compared_ungated(*(chance.sample(rows, len(rows)) for _ in range(3)))
    assert {(pair.share, pair.f1) for pair in made.pairs} == {(1.0, 1.0)}
    assert {each.alpha for each in made.columns} <= {1.0, None}
    assert {(each.low, each.high) for each in made.columns} <= {(1.0, 1.0), (None, None)}
    assert made.disagreements == ()


# ---- what is compared ----------------------------------------------------------------------------------------------------------------


def test_codes_are_compared_whole_and_by_their_parts(compared):
    one = report(actor="AZEGOVMIL", action="1823", target="IGOUNO")
    made = compared([one], [report(actor="AZEMIL", action="1822", target="NGO")])
    shares = {name: column(made, name).share for name in COLUMNS[:9]}
    assert shares == {
        "actor": 0, "actor_country": 1, "actor_roles": 0, "target": 0, "target_country": 1,
        "root": 1, "action_3_digits": 1, "action": 0, "quad_class": 1,
    }  # fmt: skip


def test_two_empty_cells_agree_and_an_empty_status_is_asserted(compared):
    names = {"attributed_to": "", "place": "Goris"}
    made = compared(
        [report(target="", status="", **names), report(start=50, end=57, status="claimed", **names)],
        [report(target="", status="asserted", **names), report(start=50, end=57, status="claimed", **names)],
    )
    assert [column(made, name).alpha for name in ("target", "status", "attributed_to", "place")] == [1.0, 1.0, None, None]
    assert column(made, "attributed_to").share == 1.0
    assert made.disagreements == ()


def test_a_column_that_a_file_does_not_have_was_not_coded(compared):
    made = compared([report(place="Goris")], [report()], [report(place="")])
    assert column(made, "place").units == 1
    (row,) = made.disagreements
    assert [row["column"], *list(row.values())[6:]] == ["place", "Goris", None, "none"]


def test_columns_are_known_by_their_other_names(tmp_path):
    one = write(tmp_path / "1.csv", {("Event Date" if name == "date" else name): value for name, value in report().items()})
    made = compare([one, write(tmp_path / "2.csv", report())])
    assert column(made, "date").units == 1


def test_days_and_deaths_are_numbers_and_an_empty_cell_is_none(compared):
    one = [report(start=n, end=n + 5, date=day, deaths_best=dead) for n, day, dead in ((0, "2020-10-01", 0), (20, "2020-10-03", 4))]
    other = [report(start=n, end=n + 5, date=day, deaths_best=dead) for n, day, dead in ((0, "2020-10-02", 0), (20, "", ""))]
    made = compared(one, other)
    assert column(made, "date").alpha == alpha([(1, 2)], metric="interval") == 0.0
    assert (column(made, "deaths_best").units, column(made, "deaths_best").share, column(made, "deaths_best").alpha) == (1, 1.0, None)
    assert [(each["column"], *list(each.values())[6:]) for each in made.disagreements if each["start"] == 20] == [
        ("date", date(2020, 10, 3), "none"),
        ("deaths_best", 4, "none"),
    ]


def test_the_interval_holds_alpha_and_is_the_same_in_every_run(compared):
    codes = ["190", "042", "010", "173"]
    one = [report(start=n * 10, end=n * 10 + 5, action=codes[n % 4]) for n in range(40)]
    other = [{**row, "action": "190"} if n % 5 == 0 else row for n, row in enumerate(one)]
    first, again = column(compared(one, other), "action"), column(compared(one, other), "action")
    assert first == again
    assert first.low < first.alpha < first.high <= 1.0
    assert first.high - first.low < 0.4


def test_what_was_found_is_told_apart_from_what_is_said(compared):
    made = compared([report(), report(start=30, end=35), report(source="b")], [report(), report(start=60, end=65)])
    assert list(made.reports.values()) == [3, 2]
    (pair,) = made.pairs
    assert (pair.both, pair.either, pair.share, pair.f1) == (1, 4, 0.25, 0.4)
    assert (made.units, made.articles, made.articles_of_one) == (4, 2, 1)
    assert column(made, "actor").units == 1
    assert [each["column"] for each in made.disagreements] == ["found"] * 3


def test_coders_who_found_nothing(compared):
    made = compared([], [])
    assert (made.units, made.pairs[0].share, made.pairs[0].f1) == (0, None, None)
    assert {(each.alpha, each.share, each.units) for each in made.columns} == {(None, None, 0)}


# ---- what is confused with what ------------------------------------------------------------------------------------------------------


def test_what_one_says_against_what_the_other_says_is_counted():
    codes = [("190", "180"), ("193", "182"), ("180", "190"), ("042", "040"), ("010", "")]
    one = [report(start=n * 10, end=n * 10 + 7, action=a) for n, (a, _) in enumerate(codes)]
    other = [report(start=n * 10, end=n * 10 + 7, action=b) for n, (_, b) in enumerate(codes) if b]
    made = compared_ungated(one, other)
    assert [(each.column, each.said, each.names, each.units) for each in made.confusions] == [
        ("root", ("19", "18"), ("fight", "assault"), 2),
        ("root", ("04", "04"), ("consult", "consult"), 1),
        ("root", ("18", "19"), ("assault", "fight"), 1),
    ]


def test_confusions_of_three_coders_are_those_of_each_two():
    made = compared_ungated([report()], [report(action="180")], [report(action="180")])
    assert [(each.coders, each.said) for each in made.confusions] == [
        (("0.csv", "1.csv"), ("19", "18")),
        (("0.csv", "2.csv"), ("19", "18")),
        (("1.csv", "2.csv"), ("18", "18")),
    ]


@pytest.mark.parametrize(
    ("column", "value", "name"),
    [
        ("action", "190", "Use conventional military force, not specified below"),
        ("action_3_digits", "19", "fight"),
        ("quad_class", "4", "material conflict"),
        ("attributed_to", "AZEGOV", "Azerbaijan: government"),
        ("target", "none", ""),
        ("actor_country", "AZE", "Azerbaijan"),
        ("country", "none", ""),
        ("actor_roles", "GOV MIL", "government, military"),
        ("date", "2020-10-09", ""),
    ],
)
def test_codes_have_names(column, value, name):
    assert named(column, value) == name


# ---- the command ---------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    write(tmp_path / "anna.csv", report(trigger="shelled", sentence=2), report(source="b", trigger="-struck", action="194"))
    write(tmp_path / "ben.csv", report(trigger="shelled", actor="RUSMIL", place="=HYPERLINK(1)"))
    return tmp_path


def test_figures_as_text(eventcode, folder):
    ran = eventcode("agreement", "anna.csv", "ben.csv", folder=folder)
    assert ran.code == 0
    lines = [line.split() for line in ran.out.splitlines()]
    assert "Reports: anna.csv (2), ben.csv (1); 2 different ones, 2 articles" in ran.out
    assert ["anna.csv", "and", "ben.csv", "1", "2", "0.500", "0.667"] in lines
    assert ["actor_country", "0.000", "0.000", "to", "0.000", "0.000", "1"] in lines
    assert ["root", "n/a", "n/a", "1.000", "1"] in lines
    assert ["place", "n/a", "n/a", "n/a", "0"] in lines
    assert ran.err == "articles with reports of one coder only: 1 of 2; leave out those that the others did not read\n"


def test_figures_as_json(eventcode, folder):
    made = json.loads(eventcode("agreement", "anna.csv", "ben.csv", "--format", "json", folder=folder).out)
    assert list(made) == ["reports", "units", "articles", "articles_of_one", "pairs", "columns", "confusions"]
    assert made["pairs"] == [{"coders": ["anna.csv", "ben.csv"], "both": 1, "either": 2, "share": 0.5, "f1": 2 / 3}]
    assert [each["name"] for each in made["columns"]] == list(COLUMNS)
    assert made["columns"][5] == {"name": "root", "alpha": None, "low": None, "high": None, "share": 1.0, "units": 1}


def test_the_most_frequent_confusions_as_text(eventcode, folder):
    write(folder / "ben.csv", report(action="180", actor="AZE"), report(source="b", action="1951", start=12, end=19))
    ran = eventcode("agreement", "anna.csv", "ben.csv", "--confusion", "actor_roles", folder=folder)
    assert "root, where anna.csv and ben.csv differ\n  19 fight / 18 assault: 1\n" in ran.out
    assert "actor_roles, where anna.csv and ben.csv differ\n  MIL military / none: 1\n" in ran.out
    assert "19 fight / 19 fight" not in ran.out


def test_all_confusions_as_json(eventcode, folder):
    arguments = ("agreement", "anna.csv", "ben.csv", "--confusion", "date", "--confusion", "root", "--format", "json")
    made = json.loads(eventcode(*arguments, folder=folder).out)
    same = {"coders": ["anna.csv", "ben.csv"], "units": 1}
    assert made["confusions"] == [
        {"column": "root", "said": ["19", "19"], "names": ["fight", "fight"], **same},
        {"column": "date", "said": ["2020-10-09", "2020-10-09"], "names": ["", ""], **same},
    ]


def test_disagreements_are_written_and_no_cell_is_a_formula(eventcode, folder):
    write(folder / "-carl.csv", report(place="Goris"))
    ran = eventcode("agreement", "--disagreements", "out.csv", "--", "anna.csv", "ben.csv", "-carl.csv", folder=folder)
    assert ran.code == 0
    rows = list(csv.reader(io.StringIO((folder / "out.csv").read_text(encoding="utf-8"))))
    assert rows == [
        ["source", "sentence", "start", "end", "trigger", "column", "anna.csv", "ben.csv", "'-carl.csv"],
        ["a", "2", "10", "17", "shelled", "actor", "AZEMIL", "RUSMIL", "AZEMIL"],
        ["a", "2", "10", "17", "shelled", "actor_country", "AZE", "RUS", "AZE"],
        ["a", "2", "10", "17", "shelled", "place", "", "'=HYPERLINK(1)", "Goris"],
        ["b", "", "10", "17", "'-struck", "found", "AZEMIL 194 ARM", "", ""],
    ]
    assert not list(folder.glob(".*"))


def test_contributions_of_all_kinds_can_be_compared(eventcode, folder):
    rows = [{**report(), "date": date(2020, 10, 9)}]
    pl.DataFrame(rows).write_parquet(folder / "carl.parquet")
    (folder / "program.jsonl").write_text(json.dumps(report()) + "\n", encoding="utf-8")
    ran = eventcode("agreement", "carl.parquet", "program.jsonl", "anna.csv", "--format", "json", folder=folder)
    assert (ran.code, [pair["both"] for pair in json.loads(ran.out)["pairs"]]) == (0, [1, 1, 1])


def test_articles_are_asked_for(eventcode, folder):
    (folder / "articles").mkdir()
    (folder / "articles" / "a.txt").write_text("They have shelled it.", encoding="utf-8")
    ran = eventcode("agreement", "ben.csv", "anna.csv", "--articles", "articles", folder=folder)
    assert (ran.code, ran.out) == (2, "")
    assert "eventcode: anna.csv: the gate finds 1 error, first EC502 in row 2, column source: b; expected" in ran.err


def test_a_file_with_errors_is_refused_and_nothing_is_written(eventcode, folder):
    write(folder / "bad.csv", report(), report(action="42"), report(action="99"))
    ran = eventcode("agreement", "anna.csv", "bad.csv", "--disagreements", "out.csv", folder=folder)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "eventcode: bad.csv: the gate finds 2 errors, first EC204 in row 2, column action: 42; expected 042; "
        "see them all with: eventcode validate bad.csv\n"
    )
    assert not (folder / "out.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["anna.csv"], "anna.csv: nothing to compare; expected two files or more, each of another coder"),
        (["anna.csv", "anna.csv"], "anna.csv, anna.csv: nothing to compare"),
        (["anna.csv", "-"], "nothing to compare"),
        (["anna.csv", "missing.csv"], "missing.csv: no such file"),
        (["anna.csv", "ben.csv", "--disagreements", "out.txt"], "out.txt: cannot write .txt; expected an ending .csv"),
        (["anna.csv", "ben.csv", "--disagreements", "nowhere/out.csv"], "nowhere: no such folder"),
        (["anna.csv", "ben.csv", "--disagreements", "ben.csv"], "ben.csv: this is a coder's file"),
        (["anna.csv", "ben.csv", "--confusion", "colour"], "colour: this column is not compared; expected one of actor, actor_country"),
    ],
)
def test_what_cannot_run_says_so_in_one_line(eventcode, folder, arguments, message):
    before = (folder / "ben.csv").read_bytes()
    ran = eventcode("agreement", *arguments, folder=folder)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
    assert ran.err.count("\n") == 1
    assert (folder / "ben.csv").read_bytes() == before


def test_compare_refuses_one_file(tmp_path):
    with pytest.raises(InputError, match="nothing to compare"):
        compare([write(tmp_path / "1.csv", report())])


def test_help_shows_how_to_call(eventcode):
    assert "eventcode agreement anna.csv ben.csv" in eventcode("agreement", "--help").out
