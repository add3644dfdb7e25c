"""What becomes of contributions: published, in part or not at all, with the reasons; in whatever form they were sent."""

import csv
import hashlib
import re
from datetime import date

import handmade
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest

from eventcode import load, resources
from eventcode.errors import ReleaseError
from eventcode.model.tables import Event, Offered, Reject, Report
from eventcode.publish import release
from eventcode.publish.rebuild import rebuild

LINK = "https://example.org/news/truce-holds"


def table(folder, name):
    return pq.read_table(folder / f"{name}.parquet").to_pylist()


def say(given, *rows):
    """Write the table of what counts beside the folder of the contributions."""
    with given.with_name(f"{given.name}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("file", "role", "since", "until", "note"), *rows])


def build(given, out, version="0.1.0"):
    return release.build(version, day=handmade.DAY, contributions=given, articles=handmade.SEEDS, out=out, about=handmade.ABOUT)


def plan(given, out, version="0.1.0", day=handmade.DAY):
    return release.plan(version, day=day, contributions=given, articles=handmade.SEEDS, out=out)


def partly():
    """Rows of which four are wrong, one of them twice, and one names an article that is known by its link alone."""
    rows = handmade.rows()
    rows[0] |= {"action": "42"}
    rows[1] |= {"date": "2020-13-01", "target": "NOWHERE"}
    rows[3] |= {"trigger": "telegraphs"}
    rows[5] |= {"source": LINK, "start": "", "end": "", "trigger": ""}
    rows[6] |= {"source": "nowhere-2020"}
    return rows


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    """Three contributions: one that is published whole, one in part, one not at all; and a reading."""
    folder = tmp_path_factory.mktemp("partly") / "contributions"
    handmade.contribute(folder, [handmade.later()], "0001-whole.csv")
    handmade.contribute(folder, partly(), "0002-partly.csv")
    handmade.contribute(folder, [{**handmade.later(), "action": "199"}, handmade.rows()[4]], "0003-refused.csv")
    handmade.contribute(folder, [{**handmade.rows()[4], "coder": "person:reader", "date": "soon"}], "0004-reading.csv")
    say(
        folder, ("0001-whole.csv", "published", "", "", ""), ("0002-partly.csv", "partly", "0.1.0", "", "three rows were typed in haste"),
        ("0003-refused.csv", "refused", "", "", "copied from another table"), ("0004-reading.csv", "reading", "", "", ""),
    )  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def built(given):
    return build(given, given.parent / "dataset")


# -- published in part ----------------------------------------------------------------------------------------------


def test_the_good_rows_are_published_and_no_other(built):
    reports = table(built, "reports")
    assert {(r["article_id"], r["action"]) for r in reports if r["article_id"] != handmade.BULGARIAN} == {
        (handmade.AMPGOO, "041"), (handmade.INEWS, "196"), (article(built)["article_id"], "141"),
    }  # fmt: skip
    assert [r["action"] for r in reports if r["article_id"] == handmade.BULGARIAN] == ["190"]


def test_the_bad_rows_stand_among_the_rejects_with_all_that_is_wrong(built):
    found = {
        (r["row"], r["rule"], r["field"], r["found"], r["expected"])
        for r in table(built, "rejects")
        if r["contribution"] == "0002-partly.csv"
    }
    assert {row for row, *_ in found} == {1, 2, 4, 7}
    assert {(row, rule, field) for row, rule, field, *_ in found} >= {
        (1, "EC204", "action"), (2, "EC301", "date"), (4, "EC401", "start"), (7, "EC502", "source"),
    }  # fmt: skip
    assert (1, "EC204", "action", "42", "042") in found
    assert {shown for row, _, field, shown, _ in found if (row, field) == (2, "target")} == {"NOWHERE"}
    assert (4, "EC401", "start", "telephoned", "telegraphs") in found
    assert all(title for title in (r["title"] for r in table(built, "rejects")))


def test_contributions_are_counted(built, given):
    rows = {r.pop("contribution"): r for r in table(built, "contributions")}
    assert {name: (r["role"], r["offered"], r["published"], r["refused"]) for name, r in rows.items()} == {
        "0001-whole.csv": ("published", 1, 1, 0),
        "0002-partly.csv": ("partly", 7, 3, 4),
        "0003-refused.csv": ("refused", 2, 0, 2),
        "0004-reading.csv": ("reading", 1, 0, 0),
    }
    assert {name: r["note"] for name, r in rows.items()} == {
        "0001-whole.csv": None, "0002-partly.csv": "three rows were typed in haste", "0003-refused.csv": "copied from another table",
        "0004-reading.csv": None,
    }  # fmt: skip
    assert {name: r["coders"] for name, r in rows.items()} == {**dict.fromkeys(rows, "person:tester"), "0004-reading.csv": "person:reader"}
    assert all(r["sha256"] == hashlib.sha256((given / name).read_bytes()).hexdigest() for name, r in rows.items())
    assert sum(r["published"] for r in rows.values()) == len(table(built, "reports"))


def test_a_refused_contribution_leaves_no_report_but_its_reasons(built):
    assert [(r["row"], r["rule"], r["found"]) for r in table(built, "rejects") if r["contribution"] == "0003-refused.csv"] == [
        (1, "EC203", "199")
    ]


def test_a_reading_that_does_not_pass_is_no_reject(built):
    assert "0004-reading.csv" not in {r["contribution"] for r in table(built, "rejects")}


def article(folder):
    (found,) = (a for a in table(folder, "articles") if a["article_id"].startswith("link-"))
    return found


def test_an_unknown_link_becomes_an_article_of_which_nothing_else_is_known(built):
    found = article(built)
    assert re.fullmatch(r"link-[0-9a-f]{16}", found.pop("article_id"))
    assert found.pop("link") == LINK
    assert set(found.values()) == {None}
    assert {(row["publisher"], row["date"], row["articles"], row["reports"]) for row in table(built, "coverage")} >= {(None, None, 1, 1)}


def test_everything_verifies_loads_and_comes_out_again(built, given):
    assert release.verify(built) == []
    where = {"version": "0.1.0", "dataset": built.parent}
    for name in ("events", "reports", "articles", "contributions", "rejects"):
        assert load(table=name, **where).shape[0] == len(table(built, name))
    made = rebuild(built, contributions=given, articles=handmade.SEEDS)
    assert (made.equal, made.other, made.skipped) == ((), (), ())


def test_the_next_release_knows_the_article_again(built, given):
    ready = plan(given, built.parent, "0.1.1")
    assert ready.plan.level == "patch"
    assert ready.plan.why == ("no row is another",)


# -- what stops a build ---------------------------------------------------------------------------------------------


def one(tmp_path, rows, role, name="mine.csv"):
    folder = handmade.contribute(tmp_path / "given", rows, name)
    handmade.contribute(folder, [handmade.later()], "good.csv")
    say(folder, (name, role, "", "", ""), ("good.csv", "published", "", "", ""))
    return folder


def test_a_bad_row_of_a_contribution_to_be_published_stops_the_build(tmp_path):
    given = one(tmp_path, partly(), "published")
    with pytest.raises(ReleaseError, match=r"mine\.csv: [0-9]+ problems.*first EC204 in row 1, column action: 42; expected 042"):
        build(given, tmp_path / "dataset")
    assert not (tmp_path / "dataset").exists() or list((tmp_path / "dataset").iterdir()) == []


@pytest.mark.parametrize("column", ["date", "action", "source"])
def test_a_contribution_without_a_column_that_must_be_there_is_not_published_in_part(tmp_path, monkeypatch, column):
    rows = [{name: value for name, value in row.items() if name != column} for row in partly()]
    with monkeypatch.context() as patch:
        patch.setattr(handmade, "COLUMNS", tuple(name for name in handmade.COLUMNS if name != column))
        given = handmade.contribute(tmp_path / "given", rows, "mine.csv")
    handmade.contribute(given, [handmade.later()], "good.csv")
    say(given, ("mine.csv", "partly", "", "", ""), ("good.csv", "published", "", "", ""))
    with pytest.raises(ReleaseError, match=rf"mine\.csv.*EC101 in the file, column {column}"):
        plan(given, tmp_path / "dataset")


def test_a_file_that_cannot_be_read_is_published_not_even_in_part_but_may_be_refused(tmp_path):
    given = one(tmp_path, [], "partly")
    (given / "mine.csv").write_bytes(b"\x00\x01\x02")
    with pytest.raises(ReleaseError, match=r"mine\.csv.* in the file"):
        plan(given, tmp_path / "dataset")
    say(given, ("mine.csv", "refused", "", "", ""), ("good.csv", "published", "", "", ""))
    rows = plan(given, tmp_path / "dataset").rows
    assert rows[Offered].filter(pl.col("role") == "refused").select("offered", "published", "refused").row(0) == (0, 0, 0)
    assert rows[Reject].select("contribution", "row").rows() == [("mine.csv", None)]


def test_a_good_row_without_a_coder_stops_a_partial_contribution_too(tmp_path):
    rows = partly()
    rows[2] |= {"coder": ""}
    with pytest.raises(ReleaseError, match=r"mine\.csv, row 3: a row does not say who coded it"):
        plan(one(tmp_path, rows, "partly"), tmp_path / "dataset")


def test_a_bad_row_without_a_coder_does_not(tmp_path):
    rows = partly()
    rows[1] |= {"coder": ""}
    assert plan(one(tmp_path, rows, "partly"), tmp_path / "dataset").rows[Report].height == 4


@pytest.mark.parametrize(
    ("role", "message"), [("part", "no such role: 'part'; expected one of published, partly"), ("", "no such role: ''")]
)
def test_a_role_that_is_none_is_refused(tmp_path, role, message):
    with pytest.raises(ReleaseError, match=message):
        plan(one(tmp_path, handmade.rows(), role), tmp_path / "dataset")


def test_where_all_is_refused_nothing_can_be_published(tmp_path):
    given = handmade.contribute(tmp_path / "given", handmade.rows(), "mine.csv")
    say(given, ("mine.csv", "refused", "", "", ""))
    with pytest.raises(ReleaseError, match=r"no contribution counts in 0\.1\.0"):
        plan(given, tmp_path / "dataset")


# -- at the edges ---------------------------------------------------------------------------------------------------


def test_a_partial_contribution_of_bad_rows_alone_gives_a_release_without_events(tmp_path):
    given = handmade.contribute(tmp_path / "given", [{**row, "action": "199"} for row in handmade.rows()], "mine.csv")
    say(given, ("mine.csv", "partly", "", "", ""))
    folder = build(given, tmp_path / "dataset")
    assert release.verify(folder) == []
    assert [len(table(folder, name)) for name in ("events", "reports", "actors", "coverage", "changes", "rejects")] == [0, 0, 0, 0, 0, 7]
    assert load(version="0.1.0", dataset=folder.parent).shape[0] == 0
    second = handmade.build(folder.parent, "0.2.0")
    assert release.verify(second) == []
    assert {row["reason"] for row in table(second, "changes")} == {"new reports"}


def test_rows_of_which_no_day_is_known_give_a_release(tmp_path):
    rows = [{**handmade.rows()[6], "date": "", "deaths_best": "", "deaths_low": ""}]
    folder = handmade.build(tmp_path / "dataset", wanted=rows)
    assert release.verify(folder) == []
    assert [e["date"] for e in table(folder, "events")] == [None]


def test_a_partial_contribution_without_a_bad_row_is_published_whole(tmp_path):
    rows = plan(one(tmp_path, handmade.rows(), "partly"), tmp_path / "dataset").rows
    assert (rows[Report].height, rows[Reject].height) == (8, 0)


def test_a_row_that_was_refused_leaves_no_article_behind(tmp_path):
    rows = handmade.rows()
    rows[0] |= {"source": LINK, "start": "", "end": "", "trigger": "", "action": "199"}
    ready = plan(one(tmp_path, rows, "partly"), tmp_path / "dataset")
    assert not [a for a in ready.rows[release.Article]["article_id"] if a.startswith("link-")]


def test_the_same_link_in_two_contributions_is_one_article(tmp_path):
    one_row = {**handmade.rows()[0], "source": LINK, "start": "", "end": "", "trigger": ""}
    given = handmade.contribute(tmp_path / "given", [one_row], "a.csv")
    handmade.contribute(given, [{**one_row, "coder": "person:other"}], "b.csv")
    rows = plan(given, tmp_path / "dataset").rows
    assert rows[Report]["article_id"].n_unique() == 1
    assert rows[release.Article].filter(pl.col("link") == LINK).height == 1


def test_what_is_long_or_twice_is_told_once_and_short(tmp_path):
    rows = handmade.rows()
    rows[0] |= {"action": "9" * 5000}
    rows[1] |= {"actor": "Nobody", "target": "Nobody"}
    rejects = plan(one(tmp_path, rows, "partly"), tmp_path / "dataset").rows[Reject]
    assert rejects["found"].str.len_chars().max() <= 200
    assert rejects.select(pl.struct(Reject.key).is_duplicated().any()).item() is False
    assert {1, 2} == set(rejects["row"])


def test_the_order_of_the_table_of_contributions_makes_no_difference(given, built):
    index = given.with_name(f"{given.name}.csv")
    with index.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    before = index.read_bytes()
    try:
        index.write_bytes("".join(",".join(row) + "\r\n" for row in (head, *rows[::-1])).encode("utf-8-sig"))
        made = rebuild(built, contributions=given, articles=handmade.SEEDS)
        assert (made.equal, made.other) == ((), ())
    finally:
        index.write_bytes(before)


def test_releases_from_before_these_tables_are_followed(given):
    ready = plan(given, resources.DATASET, "99.0.0", day=date(2099, 1, 1))
    assert ready.plan.last == resources.releases()[-1]
    assert ready.rows[Event].columns == list(Event.model_fields)
    assert set(ready.rows[Event]["event_id"]) >= set(ready.rows[Report]["event_id"])


# -- forms in which people send contributions -----------------------------------------------------------------------


def sent(folder, kind, rows):
    """Write rows in one of the forms in which people send them."""
    folder.mkdir()
    frame = pd.DataFrame(rows, columns=list(handmade.COLUMNS))
    if kind == "xlsx":
        frame.to_excel(folder / "mine.xlsx", index=False)
    elif kind == "latin-1":
        frame.to_csv(folder / "mine.csv", index=False, encoding="latin-1", lineterminator="\r\n", sep=";")
    elif kind == "utf-16":
        frame.to_csv(folder / "mine.csv", index=False, encoding="utf-16")
    else:
        texts = [name for name in frame.columns if frame[name].map(lambda value: isinstance(value, str)).any()]
        whole = frame.assign(**{name: frame[name].fillna("").astype(str) for name in texts}).rename(
            columns={"end": "_end"}
        )  # as Stata calls it
        whole.to_stata(folder / "mine.dta", write_index=False, version=118)
    return folder


@pytest.mark.parametrize("kind", ["xlsx", "latin-1", "utf-16", "dta"])
def test_contributions_in_other_forms_give_the_same_reports(tmp_path, kind):
    rows = handmade.rows()
    rows[5] |= {"coder": "person:zoe"}
    wanted = plan(handmade.contribute(tmp_path / "csv", rows), tmp_path / "dataset").rows
    given = sent(tmp_path / "given", kind, rows)
    found = plan(given, tmp_path / "dataset").rows
    assert found[Event].to_dicts() == wanted[Event].to_dicts()
    assert found[Report].to_dicts() == wanted[Report].to_dicts()
    assert found[Offered].select("offered", "published", "refused").row(0) == (7, 7, 0)


def test_letters_beyond_ascii_survive_latin_1(tmp_path):
    rows = handmade.rows()
    columns = {**rows[4], "place": "Şuşa".replace("Ş", "C").replace("ş", "é")}
    (tmp_path / "given").mkdir()
    pd.DataFrame([columns]).to_csv(tmp_path / "given" / "mine.csv", index=False, encoding="latin-1")
    assert plan(tmp_path / "given", tmp_path / "dataset").rows[Event]["place"].to_list() == ["Cuéa"]


@pytest.mark.parametrize("kind", ["xlsx", "latin-1", "dta"])
def test_bad_rows_in_other_forms_are_named_by_their_rows(tmp_path, kind):
    rows = partly()
    given = sent(tmp_path / "given", kind, rows)
    (name,) = (p.name for p in given.iterdir())
    handmade.contribute(given, [handmade.later()], "good.csv")
    say(given, (name, "partly", "", "", ""), ("good.csv", "published", "", "", ""))
    ready = plan(given, tmp_path / "dataset")
    assert set(ready.rows[Reject]["row"]) == {1, 2, 4, 7}
    assert ready.rows[Report].height == 4
