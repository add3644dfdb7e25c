"""A published release in every reader: the same values as in Arrow. Codes keep their zeros, days are days, missing stays missing."""

import csv
import datetime as dt
import json
import math
import shutil
import subprocess
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from eventcode import resources

ROOT = Path(__file__).resolve().parents[1]
JS = ROOT / "tests" / "js"
VERSIONS = sorted({"1.0.0", resources.releases()[-1]}, key=resources.version_key)
TABLES = [
    resources.DATASET / version / f"{each['name']}.parquet"
    for version in VERSIONS
    for each in json.loads((resources.DATASET / version / "datapackage.json").read_text(encoding="utf-8"))["resources"]
]


def plain(value):
    """A value as the standard library has it; None where it is missing."""
    if value is None or str(value) in {"<NA>", "NaT"} or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, dt.datetime):
        assert value.time() == dt.time(), value
        return value.date()
    return value.item() if hasattr(value, "item") else value


def whole(rows, path):
    """Rows of a reader that gives whole numbers as float64 where some are missing, as pandas does without Int64; no value is lost by it."""
    names = {field.name for field in pq.read_schema(path) if str(field.type) == "int64"}
    return [{name: int(value) if name in names and plain(value) is not None else value for name, value in row.items()} for row in rows]


def pandas(path):
    import pandas as pd

    return whole(pd.read_parquet(path).astype(object).to_dict("records"), path)


def pandas_with_arrow_types(path):
    import pandas as pd

    return pd.read_parquet(path, dtype_backend="pyarrow").astype(object).to_dict("records")


def polars(path):
    import polars as pl

    return pl.read_parquet(path).to_dicts()


def duckdb(path):
    import duckdb as db

    with db.connect() as connection:
        found = connection.execute("select * from read_parquet(?)", [str(path)])
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def fastparquet(path):
    reader = pytest.importorskip("fastparquet", reason="fastparquet is not installed")
    with path.open("rb") as file:  # given a name, it leaves the file open
        return whole(reader.ParquetFile(file).to_pandas().astype(object).to_dict("records"), path)


@pytest.fixture(scope="session")
def spark():
    sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed")
    if shutil.which("java") is None:
        pytest.skip("pyspark needs java, which is not installed")
    session = sql.SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    yield session
    session.stop()


@pytest.fixture(scope="session")
def javascript(tmp_path_factory):
    """The folder of the JavaScript reader, with what it needs."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node and npm are not installed")
    if (JS / "node_modules" / "hyparquet").is_dir():
        return JS
    folder = shutil.copytree(JS, tmp_path_factory.mktemp("js"), dirs_exist_ok=True)
    options = "--no-package-lock --ignore-scripts --no-audit --no-fund --prefer-offline --fetch-retries=0 --fetch-timeout=10000".split()
    try:
        done = subprocess.run(["npm", "install", *options], cwd=folder, capture_output=True, text=True, check=False, timeout=60)
    except subprocess.TimeoutExpired:
        pytest.skip("npm could not install hyparquet in a minute")
    if done.returncode:
        pytest.skip("npm could not install hyparquet: no network, or no copy of it here")
    return folder


def untagged(value):
    if isinstance(value, dict):
        return dt.date.fromisoformat(value["date"]) if "date" in value else int(value["integer"])
    return float(value) if isinstance(value, int) else value  # JavaScript writes 1.0 as 1


def expected(path):
    return pq.read_table(path).to_pylist()


def same(found, path):
    """Compare values and their types: 4 is not 4.0, and '042' is not 42."""
    found = [{name: plain(value) for name, value in row.items()} for row in found]
    assert found == expected(path)
    assert [[type(value) for value in row.values()] for row in found] == [[type(value) for value in row.values()] for row in expected(path)]


def name(path):
    return f"{path.parent.name}-{path.stem}"


@pytest.mark.parametrize("reader", [pandas, pandas_with_arrow_types, polars, duckdb, fastparquet], ids=lambda reader: reader.__name__)
@pytest.mark.parametrize("path", TABLES, ids=name)
def test_a_reader_gives_the_values_that_arrow_gives(reader, path):
    same(reader(path), path)


@pytest.mark.parametrize("path", TABLES, ids=name)
def test_spark_gives_the_values_that_arrow_gives(spark, path):
    same([row.asDict() for row in spark.read.parquet(str(path)).collect()], path)


@pytest.mark.parametrize("path", TABLES, ids=name)
def test_javascript_gives_the_values_that_arrow_gives(javascript, path):
    done = subprocess.run(["node", "read.mjs", str(path)], cwd=javascript, capture_output=True, text=True, check=True, encoding="utf-8")
    same([{name: untagged(value) for name, value in json.loads(line).items()} for line in done.stdout.splitlines()], path)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_release_has_what_readers_could_get_wrong(version):
    events = expected(resources.DATASET / version / "events.parquet")
    assert any(row["action"].startswith("0") for row in events)
    for column in ("actor", "target", "date_end", "deaths_best", "latitude"):
        assert {row[column] is None for row in events} == {True, False}, column


@pytest.mark.parametrize("path", TABLES, ids=name)
def test_repeating_text_is_read_as_categories(path):
    import pandas as pd
    import polars as pl

    repeating = {field.name for field in pq.read_schema(path) if str(field.type).startswith("dictionary<values=string")}
    in_pandas, in_arrow, in_polars = pd.read_parquet(path), pd.read_parquet(path, dtype_backend="pyarrow"), pl.read_parquet(path)
    assert {column for column, dtype in in_pandas.dtypes.items() if isinstance(dtype, pd.CategoricalDtype)} == repeating
    assert {column for column, dtype in in_arrow.dtypes.items() if str(dtype).startswith("dictionary")} == repeating
    assert {column for column, dtype in in_polars.schema.items() if isinstance(dtype, pl.Categorical)} == repeating


@pytest.mark.parametrize("path", TABLES, ids=name)
def test_r_gives_the_values_that_arrow_gives(path, tmp_path):
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed")
    script = ROOT / "docs" / "r" / "test-load-eventcode.R"
    command = ["Rscript", "--vanilla", str(script), str(path.parents[1]), path.parent.name, path.stem, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    readers = done.stdout.split()
    if not readers:
        pytest.skip("none of R's packages arrow, nanoparquet and duckdb is installed")
    schema = pq.read_schema(path)
    for reader in readers:
        same(from_csv(tmp_path / f"{reader}.csv", schema), path)


def from_csv(file, schema):
    """Rows as R wrote them, each value in the type of its column: a whole number that lost its wholeness in R is refused."""
    kinds = {"int64": int, "double": float, "date32[day]": dt.date.fromisoformat}
    with file.open(encoding="utf-8", newline="") as lines:
        return [
            {name: kinds.get(str(schema.field(name).type), str)(value) if value else None for name, value in row.items()}
            for row in csv.DictReader(lines)
        ]
