"""Releases read back: the same values in pandas, polars, Arrow and DuckDB; codes keep their zeros, missing stays missing."""

import datetime as dt

import duckdb
import handmade
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from eventcode import load, resources
from eventcode.errors import ReleaseError
from eventcode.model.column import columns
from eventcode.model.tables import RELEASE
from eventcode.publish.load import TABLES

MODELS = {model.table: model for model in RELEASE}


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    folder = tmp_path_factory.mktemp("load") / "dataset"
    handmade.build(folder, "0.9.0", handmade.rows()[:3])
    handmade.build(folder, "0.10.0")
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


def test_the_tables_are_those_of_a_release():
    assert set(MODELS) == set(TABLES)


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


def test_a_frame_says_which_release_it_came_from(dataset):
    assert load(dataset=dataset).attrs["eventcode"] == {"version": "0.10.0", "table": "events"}
    assert load("0.9.0", "reports", dataset=dataset).attrs["eventcode"] == {"version": "0.9.0", "table": "reports"}


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
    assert expected
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


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"version": "9.9.9"}, r"no such release: 9\.9\.9; expected one of 0\.9\.0, 0\.10\.0"),
        ({"version": "../0.9.0"}, r"no such release: \.\./0\.9\.0"),
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


@pytest.mark.parametrize("version", resources.releases())
@pytest.mark.parametrize("table", TABLES)
def test_published_releases_load(version, table):
    frame = load(version, table)
    names = [column.name for column in columns(MODELS[table])]
    assert list(frame.columns) == [name for name in names if name in frame.columns]  # columns may have come later
    if version == resources.releases()[-1]:
        assert list(frame.columns) == names
    assert values(frame) == values(load(version, table, backend="arrow"))
