"""One declaration, many forms: each must accept the same rows, and give every value back as it was."""

import datetime as dt
import json
import math
import re
from functools import cache

import pandas as pd
import pandera.errors
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from eventcode import resources
from eventcode.contract.arrow import arrow_schema, arrow_table
from eventcode.contract.describe import contract_files, json_schema, table_schema
from eventcode.contract.frames import constraints, frame, pandera_schema
from eventcode.model import grammar
from eventcode.model.column import columns
from eventcode.model.tables import EXPORTED, MANY, RELEASE, Change, Contribution, Event, Report
from eventcode.publish.load import load
from eventcode.publish.write import parquet

TABLES = pytest.mark.parametrize("model", EXPORTED, ids=lambda model: model.table)

# -- rows to try ------------------------------------------------------------------------------------------------------

CHARACTERS = st.characters(exclude_categories=["Cs"])  # half a surrogate pair is no character in Arrow, polars or JSON

ODD_TEXT = (
    "", " ", "\n", "\0", "\u2028", "NA", "NO", "1", "10", "42", "042", "010", "0420", "190\n", " 190", "190 ", "١٩٠", "１９０", "199",
    "aze", "AZE\n", "AZEMIL\n", "AZE\u2028", "AZ", "AZEM", "AZEXYZ", "AZEMILAZE", "MILAZE", "ＡＺＥ", "ÄZE", "GOV GOV", "E0123456789abcde",
    "E0123456789ABCDEF", "E0123456789abcdef\n", "E0123456789abcde０", "a b", "-a", "a\n", "x" * 120, "x" * 121, "é" * 200, "é" * 201,
    "program:", "program:é", "human:anna", "Program:eventcode", "asserted\n", "Asserted", "http://", "https://a\nb", "ftp://example.org",
    "https://example.org/ä", "EN", "en\n", "Q0", "Q1\n", "0" * 63, "F" * 64, "é\u0301", "🙂",
)  # fmt: skip
ODD = {
    "text": ODD_TEXT,
    "date": (
        dt.date.min, dt.date(1582, 10, 4), dt.date(1799, 12, 31), dt.date(1800, 1, 1), dt.date(1969, 12, 31), dt.date(2020, 2, 29),
        dt.date(2100, 12, 31), dt.date(2101, 1, 1), dt.date.max,
    ),
    "integer": (-(2**63), -1, 0, 1, 4, 5, 7, 8, 9999, 10000, MANY, MANY + 1, 2**63 - 1),
    "number": (math.nan, math.inf, -math.inf, -0.0, 5e-324, 1.0, math.nextafter(1, 2), -1e-9, -10.0, 10.0, 10.1, 90.0, -90.1, 180.0, 181.0),
}  # fmt: skip


@cache
def actor_codes():
    """Well-formed actor codes: each kind of part in its place."""

    def kind(codelist, *kinds):
        return sorted({row["code"] for row in resources.rows(codelist) if not kinds or row["kind"] in kinds})

    def joined(*parts):
        return st.builds(lambda *found: "".join("".join(part) for part in found), *parts)

    places, groups = kind("countries") + kind("regions"), kind("groups", "group")
    ethnic, religion = (st.just("") | st.sampled_from(kind("groups", name)) for name in ("ethnic", "religion"))
    roles = st.lists(st.sampled_from(sorted(grammar.roles())), max_size=3)
    return st.one_of(
        joined(st.sampled_from(places), st.lists(st.sampled_from(groups), max_size=2), ethnic, religion, roles),
        joined(
            st.sampled_from(kind("roles", "international")), st.lists(st.sampled_from(places + groups), max_size=2), ethnic, religion, roles
        ),
        joined(st.sampled_from(kind("groups", "religion")), roles),
        joined(st.lists(st.sampled_from(sorted(grammar.roles())), min_size=1, max_size=3)),
    )


@cache
def right(column):
    """Values that the column's own constraints accept."""
    if column.codelist == "actors":
        return actor_codes()
    if column.codelist:
        return st.sampled_from(sorted(c for c in resources.codes(column.codelist) if re.fullmatch(column.pattern, c)))
    if column.enum:
        return st.sampled_from(column.enum)
    if column.kind == "text":
        if column.pattern:  # Python's $ also matches before a newline at the end, so the anchors go
            return st.from_regex(column.pattern.removeprefix("^").removesuffix("$"), fullmatch=True, alphabet=CHARACTERS)
        return st.text(CHARACTERS, min_size=1, max_size=20)
    kinds = {"date": st.dates, "integer": st.integers, "number": st.floats}
    return kinds[column.kind](column.minimum, column.maximum)


def value_of(column):
    """Right values, and missing ones where the column may be empty."""
    return right(column) if column.required else st.none() | right(column)


@cache
def valid_rows(model):
    """Rows that satisfy every rule of the table."""

    def mended(row):
        for _ in model.ordered:  # each pass moves a value by one place, as in a bubble sort
            for low, high in model.ordered:
                if row[low] is not None and row[high] is not None and row[low] > row[high]:
                    row[low], row[high] = row[high], row[low]
        if model.either and all(row[name] is None for name in model.either):
            row[model.either[-1]] = "ARM"
        return row

    return st.fixed_dictionaries({column.name: value_of(column) for column in columns(model)}).map(mended)


@cache
def rows(model):
    """Valid rows, of which up to three cells were then changed: for better or worse."""
    change = st.sampled_from(columns(model)).flatmap(
        lambda column: st.tuples(st.just(column.name), st.none() | st.sampled_from(ODD[column.kind]) | right(column))
    )
    return st.builds(lambda row, changes: row | dict(changes), valid_rows(model), st.lists(change, max_size=3))


def example(model):
    return {column.name: column.example for column in columns(model)}


# -- the two judges ---------------------------------------------------------------------------------------------------


def refused_by_model(model, found):
    refused = set()
    for i, row in enumerate(found):
        try:
            model.model_validate(row)
        except ValidationError:
            refused.add(i)
    return refused


def refused_by_pandera(model, found):
    try:
        pandera_schema(model).validate(frame(model, found), lazy=True)
    except pandera.errors.SchemaErrors as failed:
        return set(failed.failure_cases["index"].to_list())
    return set()


def agree(model, found):
    """Numbers of the rows that both refuse."""
    by_model, by_pandera = refused_by_model(model, found), refused_by_pandera(model, found)
    odd = [(("model", "pandera")[i in by_pandera], found[i]) for i in sorted(by_model ^ by_pandera)]
    assert not odd, f"refused by one only: {odd}"
    return by_model


# -- they agree -------------------------------------------------------------------------------------------------------


@TABLES
def test_model_and_pandera_agree_on_every_single_change(model):
    """Every odd value in every column, one change a row."""
    found = [example(model) | {c.name: value} for c in columns(model) for value in (None, *ODD[c.kind])]
    refused = agree(model, found)
    for column in columns(model):
        own = {i for i, row in enumerate(found) if row != example(model) and row[column.name] != column.example}
        assert bool(own & refused) == bool(column.required or constraints(column)), column.name
    assert 0 < len(refused) < len(found)


@TABLES
@settings(max_examples=30)
@given(data=st.data())
def test_model_and_pandera_agree_on_changed_rows(model, data):
    agree(model, data.draw(st.lists(rows(model), min_size=1, max_size=5)))


@TABLES
@settings(max_examples=20)
@given(data=st.data())
def test_both_accept_valid_rows(model, data):
    assert agree(model, data.draw(st.lists(valid_rows(model), min_size=1, max_size=3))) == set()


@pytest.mark.parametrize(("model", "low", "high"), [(m, *pair) for m in EXPORTED for pair in m.ordered], ids=str)
def test_both_hold_the_order_of_two_columns(model, low, high):
    kind = next(c.kind for c in columns(model) if c.name == low)
    small, large = (dt.date(2020, 1, 1), dt.date(2020, 1, 2)) if kind == "date" else (3, 4)
    alone = example(model) | {name: None for pair in model.ordered for name in pair}
    found = [alone | {low: a, high: b} for a, b in ((small, large), (small, small), (large, small), (None, small), (large, None))]
    assert agree(model, found) == {2}


@pytest.mark.parametrize("model", [Contribution, Event, Report])
def test_both_want_an_actor_or_a_target(model):
    sides = [("AZE", "ARM"), ("AZE", None), (None, "ARM"), (None, None)]
    assert agree(model, [example(model) | {"actor": a, "target": b} for a, b in sides]) == {3}


def test_pandera_is_strict_about_columns_and_types():
    whole = frame(Change, [example(Change)])
    for wrong in (whole.with_columns(extra=1), whole.drop("reason"), whole.with_columns(reason=1)):
        with pytest.raises(pandera.errors.SchemaErrors):
            pandera_schema(Change).validate(wrong, lazy=True)


@pytest.mark.parametrize(
    "change", [{"extra": 1}, {"action": 190}, {"sentence": 1.0}, {"sentence": "1"}, {"date": "2020-10-09"}, {"date": dt.datetime(2020, 10, 9)}]  # noqa: DTZ001
)  # fmt: skip
def test_the_model_is_strict_about_columns_and_types(change):
    with pytest.raises(ValidationError):
        Contribution.model_validate(example(Contribution) | change)


# -- values survive ---------------------------------------------------------------------------------------------------


def release_of(folder, table):
    """A folder that `load` takes for a release, with one table."""
    version = folder / "1.0.0"
    version.mkdir(exist_ok=True)
    (version / "datapackage.json").write_text('{"name": "made", "resources": [{"name": "events"}]}', encoding="utf-8")
    parquet(table, version / "events.parquet")
    return folder


def plain(value):
    """A cell of pandas as plain Python."""
    if pd.isna(value):
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value


def survives(model, found, folder):
    expected = [model.model_validate(row).model_dump() for row in found]
    dataset = release_of(folder, arrow_table(model, found))
    in_pandas = load(dataset=dataset)
    assert in_pandas.columns.tolist() == [c.name for c in columns(model)]
    assert [{k: plain(v) for k, v in row.items()} for row in in_pandas.to_dict("records")] == expected
    in_polars = load(dataset=dataset, backend="polars")
    assert in_polars.to_dicts() == expected
    for column in columns(model):
        dtypes = {"text": ("category", "str", "string", "object"), "date": ("datetime64[",), "integer": ("Int64",), "number": ("float64",)}
        dtype = str(in_pandas[column.name].dtype)
        assert dtype.startswith(dtypes[column.kind]), (column.name, dtype)
        if column.kind == "text":
            assert (dtype == "category") == column.categorical == isinstance(in_polars.schema[column.name], pl.Categorical), column.name


@TABLES
@settings(max_examples=25)
@given(data=st.data())
def test_values_survive_model_arrow_parquet_pandas_and_polars(model, data, tmp_path_factory):
    found = data.draw(st.lists(valid_rows(model), max_size=3))
    survives(model, found, tmp_path_factory.mktemp("release"))


@TABLES
def test_missing_values_and_no_rows_survive(model, tmp_path):
    bare = {c.name: c.example for c in columns(model) if c.required} | ({"target": "ARM"} if model.either else {})
    survives(model, [bare], tmp_path)
    survives(model, [bare, example(model), bare], tmp_path)
    survives(model, [], tmp_path)


def test_codes_keep_their_zeros(tmp_path):
    codes = ["042", "010", "01", "10", "0211"]
    survives(Event, [example(Event) | {"action": code, "root": code[:2]} for code in codes], tmp_path)
    assert load(dataset=tmp_path)["action"].tolist() == codes
    assert load(dataset=tmp_path, backend="polars")["action"].to_list() == codes
    assert load(dataset=tmp_path, backend="arrow").column("action").to_pylist() == codes


def test_every_action_survives(tmp_path):
    codes = sorted(resources.codes("actions"))
    survives(Event, [example(Event) | {"action": code, "root": code[:2]} for code in codes], tmp_path)


# -- Arrow, JSON Schema, table schema ---------------------------------------------------------------------------------


@TABLES
def test_arrow_types_are_those_that_every_reader_knows(model, tmp_path):
    known = {pa.string(), pa.date32(), pa.int64(), pa.float64(), pa.dictionary(pa.int32(), pa.string())}
    schema = arrow_schema(model)
    assert {field.type for field in schema} <= known
    assert [field.nullable for field in schema] == [not c.required for c in columns(model)]
    assert all(field.metadata[b"description"] for field in schema)
    path = tmp_path / "table.parquet"
    parquet(arrow_table(model, [example(model)]), path)
    assert pq.read_schema(path).equals(schema, check_metadata=True)


def test_arrow_refuses_a_value_of_the_wrong_type():
    with pytest.raises((pa.ArrowInvalid, pa.ArrowTypeError)):
        arrow_table(Event, [example(Event) | {"n_reports": "two"}])


@TABLES
def test_json_schema_is_valid_json_schema(model):
    Draft202012Validator.check_schema(json_schema(model))


def as_json(row):
    return json.loads(json.dumps(row, default=lambda day: day.isoformat()))


def json_problems(model, row):
    return [error.message for error in Draft202012Validator(json_schema(model)).iter_errors(as_json(row))]


@TABLES
@settings(max_examples=20)
@given(data=st.data())
def test_json_schema_accepts_what_the_model_accepts(model, data):
    row = data.draw(valid_rows(model))
    assert json_problems(model, model.model_validate(row).model_dump()) == []


@pytest.mark.parametrize(
    "change", [{"extra": 1}, {"action": 190}, {"action": ""}, {"action": "A"}, {"action": None}, {"status": "confirmed"}, {"confidence": 1.5},
    {"sentence": 0}, {"sentence": 1.5}, {"source": "-a"}, {"trigger": ""}]
)  # fmt: skip
def test_json_schema_refuses(change):
    assert json_problems(Contribution, example(Contribution) | change)


def test_json_schema_wants_the_required_columns():
    row = example(Contribution)
    del row["action"]
    assert json_problems(Contribution, row)


@TABLES
def test_the_table_schema_names_every_column_and_the_key(model):
    schema = table_schema(model)
    assert [field["name"] for field in schema["fields"]] == [c.name for c in columns(model)]
    assert [field["since"] for field in schema["fields"]] == [c.since for c in columns(model)]
    assert schema["primaryKey"] == list(model.key)
    assert json.dumps(schema)


# -- the exported contract --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(contract_files()))
def test_the_exported_contract_is_fresh(name):
    assert (resources.SCHEMA / name).read_text(encoding="utf-8") == contract_files()[name], "run: eventcode schema"


def test_nothing_stale_lies_in_the_exported_contract():
    there = {p.relative_to(resources.SCHEMA).as_posix() for p in (resources.SCHEMA / "contract").iterdir()}
    assert there == set(contract_files()) - {"CODEBOOK.md", "CODEBOOK.html"}


def test_the_codebook_names_every_column_of_every_table():
    text = contract_files()["CODEBOOK.md"]
    assert [line[3:] for line in text.splitlines() if line.startswith("## ")] == [model.table for model in EXPORTED]
    for model in (Contribution, *RELEASE):
        section = text.split(f"\n## {model.table}\n", 1)[1].split("\n## ", 1)[0]
        assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == [c.name for c in columns(model)]
