"""Releases read back: the same values in pandas, polars, Arrow and DuckDB; codes keep their zeros, missing stays missing."""

import datetime as dt
import json

import duckdb
import handmade
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from eventcode import load, resources
from eventcode.errors import ReleaseError
from eventcode.model.column import columns
from eventcode.model.tables import RELEASE
from eventcode.publish.lineage import lineage, resolve
from eventcode.publish.load import tables

MODELS = {model.table: model for model in RELEASE}
TABLES = tuple(MODELS)


def package(folder):
    return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))


PUBLISHED = [(version, table) for version in resources.releases() for table in tables(package(resources.DATASET / version))]


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    folder = tmp_path_factory.mktemp("load") / "dataset"
    handmade.build(folder, "0.9.0", handmade.rows()[:3])
    handmade.build(folder, "0.10.0", day=dt.date(2026, 3, 1))
    return folder


def plain(value):
    """A value as the standard library has it; None where it is missing."""
    if value is None or value is pd.NaT or value is pd.NA or value != value:
        return None
    if isinstance(value, pd.Timestamp | dt.datetime):
        return value.date()
    return value.item() if hasattr(value, "item") else value


def values(frame):
    """Rows of a frame of any kind, as plain values."""
    if isinstance(frame, pd.DataFrame):
        return [{name: plain(value) for name, value in row.items()} for row in frame.astype(object).to_dict("records")]
    return [
        {name: plain(value) for name, value in row.items()}
        for row in (frame.to_pylist() if isinstance(frame, pa.Table) else frame.to_dicts())
    ]


def test_the_tables_are_those_of_a_release(dataset):
    assert tables(package(dataset / "0.10.0")) == [*MODELS]


@pytest.mark.parametrize("table", TABLES)
def test_pandas_dtypes(dataset, table):
    frame = load(table=table, dataset=dataset)
    found = {c.name: frame[c.name].dtype for c in columns(MODELS[table])}
    assert list(frame.columns) == list(found)
    for column in columns(MODELS[table]):
        dtype = found[column.name]
        if column.kind == "date":
            assert pd.api.types.is_datetime64_dtype(dtype), column.name
        elif column.kind == "integer":
            assert dtype == pd.Int64Dtype(), column.name
        elif column.kind == "number":
            assert dtype == "float64", column.name
        elif column.categorical:
            assert isinstance(dtype, pd.CategoricalDtype), column.name
            assert all(isinstance(code, str) for code in dtype.categories), column.name
        else:
            assert pd.api.types.is_string_dtype(frame[column.name].dropna()), column.name


def test_codes_keep_their_zeros_and_missing_whole_numbers_stay_missing(dataset):
    events = load(dataset=dataset)
    assert set(events["action"]) == {"040", "041", "141", "190", "196"}
    assert set(events["root"]) == {"04", "14", "19"}
    offensive = events[events["actor"] == "AZEMIL"].iloc[0]
    assert (offensive["deaths_low"], offensive["deaths_best"], offensive["deaths_high"]) == (0, 200, pd.NA)
    assert events["deaths_best"].isna().sum() == len(events) - 1
    assert events["date"].min() == pd.Timestamp("2020-10-08")
    assert events["actor"].isna().sum() == 1


@pytest.mark.parametrize(("version", "table"), [("0.9.0", "reports"), ("0.10.0", "events")])
def test_a_frame_says_what_it_came_from_also_after_parquet(dataset, version, table, tmp_path):
    listed = next(each for each in package(dataset / version)["resources"] if each["name"] == table)
    said = {"name": "handmade", "version": version, "table": table, "rows": listed["rows"], "content_sha256": listed["contentSha256"]}
    assert len(said["content_sha256"]) == 64
    for frame in (load(version, table, dataset=dataset), load(version, table, dataset=dataset, columns=["event_id"])):
        assert frame.attrs["eventcode"] == said
        frame.head(1).to_parquet(tmp_path / "mine.parquet")
        assert pd.read_parquet(tmp_path / "mine.parquet").attrs["eventcode"] == said


def test_the_newest_release_is_loaded_by_number_and_not_by_letter(dataset):
    assert len(load(table="reports", dataset=dataset)) == 7
    assert len(load("0.9.0", "reports", dataset=dataset)) == 3


@pytest.mark.parametrize("table", TABLES)
def test_all_readers_read_the_same_values(dataset, table):
    arrow = load(table=table, backend="arrow", dataset=dataset)
    polars = load(table=table, backend="polars", dataset=dataset)
    assert isinstance(arrow, pa.Table)
    assert isinstance(polars, pl.DataFrame)
    expected = values(arrow)
    assert expected or table == "rejects"
    assert values(polars) == expected
    assert values(load(table=table, dataset=dataset)) == expected
    with duckdb.connect() as connection:
        found = connection.execute("select * from read_parquet(?)", [str(dataset / "0.10.0" / f"{table}.parquet")])
        names = [column[0] for column in found.description]
        assert [dict(zip(names, row, strict=True)) for row in found.fetchall()] == expected


def test_duckdb_reads_codes_as_text(dataset):
    with duckdb.connect() as connection:
        events = str(dataset / "0.10.0" / "events.parquet")
        assert connection.execute("select count(*) from read_parquet(?) where action = '040' and quad_class = 1", [events]).fetchall() == [
            (1,)
        ]


def test_a_release_is_found_by_name_version_or_day(dataset):
    def version(*given, **named):
        return load(*given, dataset=dataset, **named).attrs["eventcode"]["version"]

    assert version("0.9.0") == version(version="0.9.0") == version("handmade", version="0.9.0") == "0.9.0"
    assert version() == version("handmade") == version("handmade", as_of="2030-01-01") == "0.10.0"
    assert version(as_of=dt.date(2026, 2, 28)) == version(as_of=handmade.DAY) == version(as_of="2026-01-31") == "0.9.0"
    assert version(as_of="2026-03-01") == version(as_of=pd.Timestamp("2026-03-01 12:00")) == "0.10.0"


@pytest.mark.parametrize("backend", ["pandas", "polars", "arrow"])
def test_columns_are_given_in_the_order_asked_for(dataset, backend):
    event = load(dataset=dataset)["event_id"].iloc[0]
    found = load(dataset=dataset, backend=backend, columns=["action", "date"], event_ids=[event])
    assert list(found.column_names if backend == "arrow" else found.columns) == ["action", "date"]
    assert len(found) == 1
    with pytest.raises(ReleaseError, match=r"events\.parquet: no such column: day, hour; expected one of event_id, actor, "):
        load(dataset=dataset, backend=backend, columns=["action", "day", "hour"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"version": "9.9.9"}, r"no such release: 9\.9\.9; expected one of 0\.9\.0, 0\.10\.0"),
        ({"version": "../0.9.0"}, r"no such release: \.\./0\.9\.0"),
        ({"name_or_version": "9.9"}, r"no such release: 9\.9; expected one of .*; name the archive that has it in registry"),
        ({"name_or_version": "v0.9.0"}, r"no such release: v0\.9\.0"),
        ({"name_or_version": "gdelt"}, "no such data set: gdelt; expected handmade$"),
        ({"name_or_version": "events"}, 'no such data set: events; expected handmade; for a table write table="events"'),
        ({"name_or_version": "../0.9.0"}, r"no such data set: \.\./0\.9\.0"),
        ({"name_or_version": "0.9.0", "version": "0.9.0"}, "two versions are given"),
        ({"version": "0.9.0", "as_of": "2026-01-31"}, "both version 0.9.0 and as_of 2026-01-31 are given; expected one of them"),
        ({"as_of": "2026-01-30"}, r"there was no release by 2026-01-30; expected 2026-01-31, the day of 0\.9\.0, or a later one"),
        ({"as_of": "yesterday"}, "as_of is 'yesterday'; expected a day such as"),
        ({"registry": "https://example.org/data"}, "both dataset and registry are given"),
        ({"table": "event"}, r"no such table: event; expected one of events, reports"),
        ({"table": "../0.9.0/events"}, "no such table"),
        ({"backend": "dask"}, "no such backend: dask; expected pandas, polars or arrow"),
    ],
)
def test_what_does_not_exist_is_said_with_what_does(dataset, arguments, message):
    with pytest.raises(ReleaseError, match=message):
        load(**arguments, dataset=dataset)


def test_no_release_at_all(tmp_path):
    with pytest.raises(ReleaseError, match=r"no release found; expected a folder <version>/ with datapackage\.json"):
        load(dataset=tmp_path)


def write(dataset, version, events, changes=()):
    """A release by hand, with as much as the ids of its events need; returns its folder."""
    folder = dataset / version
    folder.mkdir(parents=True)
    pq.write_table(pa.table({"event_id": pa.array(events, pa.string())}), folder / "events.parquet")
    names = ("event_id", "change", "old", "new", "reason")
    pq.write_table(
        pa.table({name: pa.array([row[n] for row in changes], pa.string()) for n, name in enumerate(names)}), folder / "changes.parquet"
    )
    said = {"name": "byhand", "created": "2026-01-01T00:00:00Z", "resources": [{"name": "events"}, {"name": "changes"}]}
    (folder / "datapackage.json").write_text(json.dumps(said), encoding="utf-8")
    return folder


@pytest.fixture
def byhand(tmp_path):
    """A is split into A and D, B goes into A and comes back, C goes into B and with it into A, E ends."""
    write(tmp_path, "1.0.0", ["A", "B", "C", "E"], [(i, "added", None, None, "first release") for i in "ABCE"])
    write(
        tmp_path, "1.1.0", ["A", "B", "D", "E"], [("D", "split", "A", "D", "another happening"), ("C", "merged", "C", "B", "one happening")]
    )
    write(tmp_path, "1.2.0", ["A", "D"], [("B", "merged", "B", "A", "one happening"), ("E", "retracted", None, None, "reports removed")])
    write(tmp_path, "1.3.0", ["A", "B", "D"], [("B", "added", None, None, "reinstated"), ("A", "revised", "1", "2", "new reports")])
    return tmp_path


def test_an_id_is_followed_to_any_release(byhand):
    became = {
        version: {i: resolve(i, version=version, dataset=byhand) for i in "ABCDE"} for version in ("1.0.0", "1.1.0", "1.2.0", "1.3.0")
    }
    assert became == {
        "1.0.0": {"A": "A", "B": "B", "C": "C", "D": None, "E": "E"},
        "1.1.0": {"A": "A", "B": "B", "C": "B", "D": "D", "E": "E"},
        "1.2.0": {"A": "A", "B": "A", "C": "A", "D": "D", "E": None},
        "1.3.0": {"A": "A", "B": "B", "C": "B", "D": "D", "E": None},
    }
    assert resolve("C", dataset=byhand) == "B"
    with pytest.raises(ReleaseError, match="F: no event of any release bears this id"):
        resolve("F", dataset=byhand)
    with pytest.raises(ReleaseError, match=r"no such release: 9\.9\.9"):
        resolve("A", version="9.9.9", dataset=byhand)


def test_ids_are_followed_to_the_release_that_is_loaded(byhand):
    loaded = {v: load(v, event_ids=["C", "D", "E"], dataset=byhand)["event_id"].to_list() for v in resources.releases(byhand)}
    assert loaded == {"1.0.0": ["C", "E"], "1.1.0": ["B", "D", "E"], "1.2.0": ["A", "D"], "1.3.0": ["B", "D"]}


def test_merges_that_lead_in_a_circle_end(tmp_path):
    write(tmp_path, "1.0.0", ["A", "B"])
    write(tmp_path, "1.1.0", [], [("A", "merged", "A", "B", ""), ("B", "merged", "B", "A", "")])
    assert resolve("A", dataset=tmp_path) is None


def test_the_lineage_of_an_event_tells_every_step(byhand):
    def told(event):
        return [(s["version"], s["change"], s["from"], s["to"]) for s in lineage(event, dataset=byhand)]

    assert told("D") == [("1.1.0", "split", "A", "D")]
    assert told("E") == [("1.0.0", "added", None, "E"), ("1.2.0", "retracted", "E", None)]
    assert told("A") == [("1.0.0", "added", None, "A"), ("1.1.0", "split", "A", "D"), ("1.2.0", "merged", "B", "A")]
    assert told("C") == [
        ("1.0.0", "added", None, "C"), ("1.1.0", "merged", "C", "B"), ("1.2.0", "merged", "B", "A"), ("1.3.0", "added", None, "B"),
    ]  # fmt: skip
    assert lineage("D", dataset=byhand)[0]["reason"] == "another happening"
    with pytest.raises(ReleaseError, match="F: no event of any release bears this id"):
        lineage("F", dataset=byhand)
    with pytest.raises(ReleaseError, match="no release found"):
        lineage("A", dataset=byhand / "1.0.0")


def test_ids_are_known_where_earlier_releases_are_not_at_hand(byhand):
    for version in ("1.0.0", "1.1.0"):
        (byhand / version).rename(byhand / f"gone-{version}")
    assert {i: resolve(i, version="1.2.0", dataset=byhand) for i in "ABDE"} == {"A": "A", "B": "A", "D": "D", "E": None}
    assert lineage("D", dataset=byhand) == []


def test_a_table_that_came_later_is_loaded_where_the_release_lists_it(byhand):
    with pytest.raises(ReleaseError, match=r"1\.3\.0: no such table: rejects; expected one of events, changes"):
        load(table="rejects", dataset=byhand)
    folder = write(byhand, "2.0.0", ["A"])
    pq.write_table(pa.table({"row": [1]}), folder / "rejects.parquet")
    said = package(folder)
    said["resources"].append({"name": "rejects", "rows": 1, "contentSha256": "0" * 64})
    (folder / "datapackage.json").write_text(json.dumps(said), encoding="utf-8")
    frame = load(table="rejects", dataset=byhand)
    assert frame["row"].tolist() == [1]
    assert frame.attrs["eventcode"]["rows"] == 1


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"name": 1, "resources": []}', '{"name": "x", "resources": [{}]}'])
def test_a_damaged_descriptor_is_named(byhand, text):
    (byhand / "1.3.0" / "datapackage.json").write_text(text, encoding="utf-8")
    with pytest.raises(ReleaseError, match=r"1\.3\.0/datapackage\.json: the file cannot be read"):
        load(dataset=byhand)


@pytest.mark.parametrize(("version", "table"), PUBLISHED)
def test_published_releases_load(version, table):
    frame = load(version, table)
    names = [column.name for column in columns(MODELS[table])]
    assert list(frame.columns) == [name for name in names if name in frame.columns]  # columns may have come later
    if version == resources.releases()[-1]:
        assert list(frame.columns) == names
    assert values(frame) == values(load(version, table, backend="arrow"))


@pytest.mark.parametrize("backend", ["pandas", "polars", "arrow"])
def test_no_ids_give_no_rows(dataset, backend):
    assert len(load(dataset=dataset, event_ids=[], backend=backend)) == 0
