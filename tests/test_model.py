"""The declaration of the tables keeps its own rules, and codes are composed by the grammar alone."""

import datetime as dt
import math
import re

import pytest
from pydantic import ValidationError

from eventcode.model import grammar
from eventcode.model.column import Table, column, columns, in_codelist
from eventcode.model.tables import EXPORTED, RELEASE, Contribution, Event, Report

TABLES = pytest.mark.parametrize("model", EXPORTED, ids=lambda model: model.table)
COLUMNS = pytest.mark.parametrize(("model", "spec"), [(m, c) for m in EXPORTED for c in columns(m)], ids=lambda x: getattr(x, "name", None))


def example(model):
    return {spec.name: spec.example for spec in columns(model)}


# -- tables -----------------------------------------------------------------------------------------------------------


def test_tables_have_names_of_their_own():
    names = [model.table for model in EXPORTED]
    assert len(set(names)) == len(names)
    assert names == ["contribution", *(model.table for model in RELEASE)]


@TABLES
def test_the_examples_make_a_row(model):
    row = model.model_validate(example(model))
    assert row.model_dump() == example(model)


@TABLES
def test_a_row_says_what_it_is(model):
    assert re.match(r"(One|What) .*\.$", model.__doc__.splitlines()[0])


@TABLES
def test_keys_and_orders_name_columns_of_one_kind(model):
    kinds = {spec.name: spec.kind for spec in columns(model)}
    assert model.key
    assert {*model.key, *model.sort, *model.either} <= set(kinds)
    assert all(kinds[low] == kinds[high] != "text" for low, high in model.ordered)


@TABLES
def test_rows_cannot_be_changed(model):
    with pytest.raises(ValidationError, match="frozen"):
        setattr(model.model_validate(example(model)), columns(model)[0].name, "x")


@TABLES
def test_required_columns_are_required_and_others_are_not(model):
    for spec in columns(model):
        without = {name: value for name, value in example(model).items() if name != spec.name}
        if spec.required:
            with pytest.raises(ValidationError, match=spec.name):
                model.model_validate(without)
        else:
            assert getattr(model.model_validate(without), spec.name) is None


@COLUMNS
def test_a_column_is_described(model, spec):
    assert re.fullmatch(r"[\dA-Z].*[.)]", spec.description), model.table
    assert spec.required == (spec.missing == "")
    assert not spec.missing.endswith("."), "the codebook adds the full stop"
    assert spec.name == spec.name.lower()
    assert not (spec.unit and spec.kind == "text")
    if spec.enum:
        assert spec.categorical
        assert len(set(spec.enum)) == len(spec.enum)
    if spec.codelist:
        assert spec.codelist in {"actions", "actors", "countries"}
    if spec.minimum is not None and spec.maximum is not None:
        assert spec.minimum < spec.maximum


def test_no_alias_stands_for_two_columns():
    names = [name for spec in columns(Contribution) for name in (spec.name, *spec.aliases)]
    assert len(set(names)) == len(names)
    assert all(name == name.lower() for name in names)


def test_the_five_columns():
    assert Contribution.must_have == ("actor", "action", "target", "date", "source")
    assert [spec.name for spec in columns(Contribution)][:5] == [*Contribution.must_have]
    assert [spec.name for spec in columns(Event)][1:6] == [*Contribution.must_have]


def test_shared_columns_are_declared_alike():
    """What a contribution says must fit a report: one name for one thing in every table."""
    reports = {spec.name: spec for spec in columns(Report)}
    for spec in columns(Contribution):
        other = reports.get(spec.name)
        if other:
            same = ("kind", "pattern", "enum", "codelist", "minimum", "maximum", "unit")
            assert [getattr(spec, name) for name in same] == [getattr(other, name) for name in same], spec.name


# -- columns ----------------------------------------------------------------------------------------------------------


class Sample(Table):
    """One row of a table made for this test."""

    table = "sample"
    ordered = (("low", "high"),)
    either = ("low", "text")
    text: str | None = column("Words.", example="a", missing="none")
    low: int | None = column("Low.", example=1, missing="none", minimum=0)
    high: int | None = column("High.", example=2, missing="none")
    number: float = column("Number.", example=0.5)


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ({"text": "", "number": 1.0}, "length"),
        ({"text": "a", "number": math.nan}, "finite"),
        ({"text": "a", "number": -math.inf}, "finite"),
        ({"low": 3, "high": 2, "number": 1.0}, "low 3 is greater than high 2"),
        ({"high": 2, "number": 1.0}, "none of low, text has a value"),
        ({"low": -1, "number": 1.0}, "greater than or equal to 0"),
        ({"text": "a"}, "Field required"),
        ({"text": "a", "number": 1.0, "more": 1}, "Extra inputs"),
        ({"text": "a", "number": "1"}, "valid number"),
        ({"low": True, "number": 1.0}, "valid integer"),
    ],
)
def test_a_model_says_which_rule_a_row_breaks(row, word):
    with pytest.raises(ValidationError, match=word):
        Sample.model_validate(row)


@pytest.mark.parametrize("row", [{"low": 0, "number": 1.0}, {"low": 2, "high": 2, "number": 1}, {"text": " ", "number": -0.0}])
def test_a_model_accepts_what_breaks_no_rule(row):
    assert Sample.model_validate(row).model_dump(exclude_none=True) == row


def test_columns_reads_kinds_and_bounds():
    text, low, high, number = columns(Sample)
    assert [spec.kind for spec in (text, low, high, number)] == ["text", "integer", "integer", "number"]
    assert [spec.required for spec in (text, low, high, number)] == [False, False, False, True]
    assert (low.minimum, low.maximum, high.minimum) == (0, None, None)
    assert not text.categorical


def test_dates_are_bounded():
    for day, right in ((dt.date(1800, 1, 1), True), (dt.date(1799, 12, 31), False), (dt.date(2100, 12, 31), True), (dt.date.max, False)):
        row = example(Contribution) | {"date": day, "date_end": None}
        if right:
            assert Contribution.model_validate(row).date == day
        else:
            with pytest.raises(ValidationError, match="date"):
                Contribution.model_validate(row)


@pytest.mark.parametrize(
    ("codelist", "code", "there"),
    [
        ("actions", "042", True), ("actions", "42", False), ("actions", "", False), ("actions", "0421", False), ("actions", "１９０", False),
        ("countries", "AZE", True), ("countries", "aze", False), ("countries", "IGO", False), ("actors", "IGO", True), ("actors", "", False),
    ],
)  # fmt: skip
def test_in_codelist(codelist, code, there):
    assert in_codelist(codelist, code) is there


# -- grammar of actor codes -------------------------------------------------------------------------------------------

WELL_FORMED = (
    "AZE", "ARM", "NKR", "AZEMIL", "AZEGOV", "USAGOVMIL", "NKRREB", "GOV", "MIL", "REB", "CVL", "IGO", "NGO", "MNC", "IMG", "EUR", "IGOUNO",
    "IGOEUREEC", "NGOHRI", "USACVL", "IRQKURREB", "AZEGOVMILCOP",
)  # fmt: skip
ILL_FORMED = (
    "", "A", "AZ", "AZEM", "AZEMI", "aze", "Aze", "AZEmil", "AZEXYZ", "XYZ", "XYZGOV", " AZE", "AZE ", "AZE\n", "AZE GOV", "AZE-GOV",
    "AZEGOVMILCOPREB", "AZEMILAZE", "ＡＺＥ", "АZE", "AZE\0", "123", "---", "AZEREBARM", "GOVAZEKUR\n",
)  # fmt: skip


@pytest.mark.parametrize("code", WELL_FORMED)
def test_the_grammar_accepts(code):
    assert grammar.is_actor(code)
    assert "".join(grammar.chunks(code)) == code


@pytest.mark.parametrize("code", ILL_FORMED)
def test_the_grammar_refuses(code):
    assert not grammar.is_actor(code)


@pytest.mark.parametrize(
    ("code", "country"), [("AZEMIL", "AZE"), ("NKRREB", "NKR"), ("IGOUNO", None), ("GOV", None), ("EUR", None), ("", None), (None, None)]
)
def test_the_country_of_a_code(code, country):
    assert grammar.country(code) == country


def test_international_codes_are_no_roles():
    assert {"IGO", "NGO", "MNC", "IMG"} <= grammar.international()
    assert {"GOV", "MIL", "REB", "CVL"} <= grammar.roles()
    assert not grammar.international() & grammar.roles()
