"""Plans: what a release would change, and which version the rules demand for it."""

import hashlib
import json
import re
import shutil

import handmade
import histories
import polars as pl
import pyarrow.parquet as pq
import pytest

from eventcode.errors import ReleaseError
from eventcode.model.tables import RELEASE, Change, Event, Offered, Reject
from eventcode.publish import history, release
from eventcode.publish.diff import differences
from eventcode.publish.plan import lowest, planned
from eventcode.publish.write import SUMS


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    return histories.made(tmp_path_factory)


@pytest.fixture
def last(dataset, tmp_path):
    """A copy of one release, to be doctored."""
    return shutil.copytree(dataset / "0.1.0", tmp_path / "dataset" / "0.1.0")


def rows_of(folder):
    return {model: history.table(folder / f"{model.table}.parquet", model) for model in RELEASE}


def plan_of(last, now):
    before = history.table(last / "events.parquet", Event)
    return planned(last, now, differences(last.name, "9.9.9", before, now[Event], now[Change].clear()))


def doctor(folder, table, change):
    """Change what a release says of the columns of a table."""
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    resource = next(each for each in package["resources"] if each["name"] == table)
    resource["schema"]["fields"] = [field for field in map(change, resource["schema"]["fields"]) if field]
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")


def named(column, **new):
    return lambda field: {**field, **new} if field["name"] == column else field


def without(column):
    return lambda field: None if field["name"] == column else field


# -- levels ---------------------------------------------------------------------------------------------------------


def test_equal_rows_are_a_patch(dataset):
    plan = plan_of(dataset / "0.1.0", rows_of(dataset / "0.1.0"))
    assert (plan.level, plan.version, plan.why) == ("patch", "0.1.1", ("no row is another",))
    assert {before for before, _ in plan.rows.values()} == {now for _, now in plan.rows.values()}


@pytest.mark.parametrize("version", ["0.2.0", "0.3.0", "0.4.0"])
def test_rows_added_revised_or_retracted_are_minor(dataset, version):
    plan = plan_of(dataset / "0.1.0", rows_of(dataset / version))
    assert (plan.level, plan.version) == ("minor", "0.2.0")
    assert {"events: its rows are others", "reports: its rows are others"} <= set(plan.why)
    assert plan.rows["events"] == (6, pq.read_metadata(dataset / version / "events.parquet").num_rows)


@pytest.mark.parametrize("model", RELEASE, ids=lambda model: model.table)
def test_a_row_less_in_any_table_is_minor_but_in_those_that_tell_of_the_release(dataset, model):
    now = rows_of(dataset / "0.2.0")
    now[model] = (
        now[model].slice(1)
        if now[model].height
        else pl.concat([now[model], pl.DataFrame([dict.fromkeys(now[model].columns)], schema=now[model].schema)])
    )
    plan = plan_of(dataset / "0.2.0", now)
    about = model in {Change, Offered, Reject}
    assert (plan.level, plan.why) == (("patch", ("no row is another",)) if about else ("minor", (f"{model.table}: its rows are others",)))


def test_a_value_that_went_missing_is_minor(dataset):
    now = rows_of(dataset / "0.1.0")
    now[Event] = now[Event].with_columns(confidence=pl.lit(None, dtype=pl.Float64))
    assert plan_of(dataset / "0.1.0", now).why == ("events: its rows are others",)


def test_a_new_table_is_minor(last):
    package = json.loads((last / "datapackage.json").read_text(encoding="utf-8"))
    package["resources"] = [each for each in package["resources"] if each["name"] not in {"contributions", "rejects"}]
    (last / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    for name in ("contributions", "rejects"):
        (last / f"{name}.parquet").unlink()
    now = {**rows_of_without(last), **{model: pl.DataFrame(schema=history.polars_schema(model)) for model in (Offered, Reject)}}
    plan = plan_of(last, now)
    assert (plan.level, plan.why) == ("minor", ("contributions: the table is new", "rejects: the table is new"))
    assert plan.rows["rejects"] == (0, 0)


def rows_of_without(folder):
    return {model: history.table(path, model) for model in RELEASE if (path := folder / f"{model.table}.parquet").is_file()}


def test_a_table_that_is_gone_is_major(last):
    now = rows_of(last)
    package = json.loads((last / "datapackage.json").read_text(encoding="utf-8"))
    package["resources"].append({"name": "places", "path": "places.parquet", "schema": {"fields": []}})
    (last / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    plan = plan_of(last, now)
    assert (plan.level, plan.version, plan.why) == ("major", "1.0.0", ("places: the table is gone",))


@pytest.mark.parametrize(
    ("table", "change", "why"),
    [
        ("events", without("denies"), "events: column denies is new"),
        ("reports", named("note", name="remark"), "reports: column remark is gone"),
        ("events", named("goldstein", type="string"), "events: type of column goldstein is another"),
        ("events", named("latitude", unit="radians"), "events: unit of column latitude is another"),
        ("reports", named("action", codelist="verbs"), "reports: codelist of column action is another"),
        (
            "events",
            named("quad_class", constraints={"required": True, "minimum": 1, "maximum": 5}),
            "events: constraints of column quad_class is another",
        ),
        ("events", named("status", constraints={"enum": ["asserted"]}), "events: constraints of column status is another"),
    ],
)
def test_other_columns_are_major(last, table, change, why):
    now = rows_of(last)
    doctor(last, table, change)
    plan = plan_of(last, now)
    assert (plan.level, plan.version) == ("major", "1.0.0")
    assert why in plan.why


def test_a_table_that_truly_lacks_a_column_is_read_and_major(last):
    now = rows_of(last)
    table = pq.read_table(last / "events.parquet").drop_columns(["deaths_best"])
    pq.write_table(table, last / "events.parquet")
    doctor(last, "events", without("deaths_best"))
    plan = plan_of(last, now)
    assert (plan.level, plan.why) == ("major", ("events: column deaths_best is new",))


@pytest.mark.parametrize(
    "said", [{"description": "Who."}, {"title": "Actor"}, {"constraints": {"required": True}}], ids=lambda said: next(iter(said))
)
def test_words_about_columns_and_cells_that_may_be_empty_now_are_a_patch(last, said):
    now = rows_of(last)
    name = "title" if "constraints" in said else "actor"
    doctor(last, "articles" if name == "title" else "events", named(name, **said))
    assert plan_of(last, now).level == "patch"


def test_a_major_change_is_major_though_rows_are_others_too(dataset, last):
    doctor(last, "events", without("denies"))
    plan = plan_of(last, rows_of(dataset / "0.2.0"))
    assert (plan.level, plan.why) == ("major", ("events: column denies is new",))


def test_the_first_release_is_minor():
    rows = {model: pl.DataFrame(schema=history.polars_schema(model)) for model in RELEASE}
    plan = planned(None, rows, differences(None, "0.1.0", rows[Event], rows[Event], rows[Change]))
    assert (plan.last, plan.level, plan.version, plan.why) == ("", "minor", "0.1.0", ("first release",))
    plan.refuse("0.0.1")


@pytest.mark.parametrize(
    ("last", "level", "version"),
    [
        ("0.9.9", "patch", "0.9.10"),
        ("0.9.9", "minor", "0.10.0"),
        ("0.9.9", "major", "1.0.0"),
        ("10.2.3", "minor", "10.3.0"),
        ("", "major", "0.1.0"),
    ],
)
def test_the_lowest_version_counts_on(last, level, version):
    assert lowest(last, level) == version


# -- a version too low is refused -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "enough"),
    [("0.1.0", None), ("0.1.1", False), ("0.1.99", False), ("0.2.0", True), ("0.10.0", True), ("1.0.0", True)],
)
def test_a_minor_change_needs_a_minor_version(dataset, version, enough):
    plan = plan_of(dataset / "0.1.0", rows_of(dataset / "0.2.0"))
    if enough:
        plan.refuse(version)
    else:
        with pytest.raises(ReleaseError, match=rf"{version} is too low for a minor change since 0\.1\.0: events: its rows are others"):
            plan.refuse(version)


def test_build_refuses_a_version_that_is_too_low_and_says_why(dataset, tmp_path):
    mine = shutil.copytree(dataset, tmp_path / "dataset")
    before = sorted(p.name for p in mine.iterdir())
    with pytest.raises(ReleaseError) as refused:
        handmade.build(mine, "0.4.2", handmade.rows())
    told = str(refused.value)
    assert "0.4.2 is too low for a minor change since 0.4.1: events: its rows are others; reports: its rows are others" in told
    assert "expected 0.5.0 or higher" in told
    assert "eventcode release plan" in told
    assert sorted(p.name for p in mine.iterdir()) == before


def test_build_refuses_a_minor_version_for_other_columns(last):
    doctor(last, "events", without("denies"))
    with pytest.raises(
        ReleaseError, match=r"0\.2\.0 is too low for a major change since 0\.1\.0: events: column denies is new; expected 1\.0\.0"
    ):
        handmade.build(last.parent, "0.2.0")
    assert [p.name for p in last.parent.iterdir()] == ["0.1.0"]


# -- the command ----------------------------------------------------------------------------------------------------


def state(folder):
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture
def command(eventcode, dataset):
    """Run `eventcode release plan` on the rows of a version of the history, after its last release."""

    def run(rows, *version, out=dataset):
        return eventcode(
            "release", "plan", *version, "--date", "2026-02-01", "--contributions", str(dataset.parent / f"contributions-{rows}"),
            "--articles", str(handmade.SEEDS), "--out", str(out),
        )  # fmt: skip

    return run


def test_plan_prints_what_would_change_and_writes_nothing(command, dataset):
    before = state(dataset.parent)
    ran = command("0.2.0")
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0].startswith("planned ")
    assert lines[1:4] == [
        "since     0.4.1",
        "change    minor: events: its rows are others; reports: its rows are others; coverage: its rows are others",
        "version   0.5.0 or higher",
    ]
    assert [line.split()[0] for line in lines[4:12]] == [model.table for model in RELEASE]
    assert lines[4].split() == ["events", "7", "->", "7", "rows"]
    (numbers,) = (line for line in lines if line.startswith("events    ") and "rows" not in line)
    assert re.fullmatch(r"events    1 added, [1-9] revised, 1 retracted, 0 merged, 0 split", numbers)
    assert "root  14: 1 -> 1" not in lines
    assert "status  asserted: 6 -> 5" in lines
    assert state(dataset.parent) == before


def test_plan_of_the_same_rows_is_a_patch(command):
    ran = command("0.4.1")
    assert "change    patch: no row is another\nversion   0.4.2 or higher\n" in ran.out
    assert command("0.4.1", "0.4.2").code == 0


def test_plan_refuses_a_version_that_is_too_low(command):
    ran = command("0.2.0", "0.4.2")
    assert ran.code == 2
    assert "0.4.2 is too low for a minor change since 0.4.1" in ran.err
    assert "version   0.5.0 or higher" in ran.out


def test_plan_of_a_first_release_needs_no_folder(command, tmp_path):
    ran = command("0.1.0", out=tmp_path / "none")
    assert "since     nothing: this is the first release\nchange    minor: first release\nversion   0.1.0 or higher\n" in ran.out
    assert not (tmp_path / "none").exists()


def test_plan_leaves_the_release_before_untouched(dataset):
    assert (dataset / "0.4.1" / SUMS).is_file()
    assert release.verify(dataset / "0.4.1") == []
