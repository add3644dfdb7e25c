"""The codebook tests itself: every code complete, every fact as in its source, every composed code named."""

import csv
import hashlib
from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventcode import resources
from eventcode.codebook import actors
from eventcode.codebook.actions import action, actions
from eventcode.errors import UnknownCodeError
from eventcode.model import grammar
from eventcode.model.tables import PLOVER

CODES = tuple(actions())
ACTIONS = pytest.mark.parametrize("code", CODES)
CODELISTS = ("actions", "countries", "regions", "roles", "groups")

NAMES_SHA256 = "714c4b71d08716bb180b58437419b86ac3e154795d497c6dd2ab43749a85d2d6"
"""Digest of the 316 lines "code<TAB>name" in CAMEO 1.1b3, sorted by code."""

NO_GOLDSTEIN = {"155", "176", "1834", "1951", "1952"}
"""Codes of CAMEO 1.1b3 for which GDELT's list has no score."""

OWN_PLOVER = {
    "08": "the published conversion has the root twice, as CONCEDE and as RETREAT; most of its codes are CONCEDE",
}
"""Codes whose PLOVER class differs from the published conversion, and why."""


# -- actions ----------------------------------------------------------------------------------------------------------


def test_there_are_316_actions_on_three_levels():
    assert len(CODES) == len(resources.rows("actions")) == 316
    assert Counter(found.level for found in actions().values()) == {1: 20, 2: 149, 3: 147}
    assert [code for code in CODES if len(code) == 2] == [f"{n:02}" for n in range(1, 21)]


@ACTIONS
def test_an_action_stands_in_its_tree(code):
    found = action(code)
    assert found.code == code
    assert code.isascii()
    assert code.isdigit()
    assert found.level == len(code) - 1
    assert found.root == code[:2]
    assert found.root in actions()
    if found.level == 1:
        assert found.parent == ""
    else:
        assert found.parent == code[:-1]
        assert actions()[found.parent].level == found.level - 1


def test_names_are_those_of_cameo():
    lines = "".join(f"{code}\t{actions()[code].name}\n" for code in sorted(actions()))
    assert hashlib.sha256(lines.encode()).hexdigest() == NAMES_SHA256


@ACTIONS
def test_the_quad_class_follows_the_root(code):
    root = int(code[:2])
    assert action(code).quad_class == (1 if root <= 5 else 2 if root <= 9 else 3 if root <= 14 else 4)


def test_goldstein_scores_are_missing_where_no_credible_one_exists():
    assert {code for code, found in actions().items() if found.goldstein is None} == NO_GOLDSTEIN
    scores = [score for found in actions().values() for score in (found.goldstein, found.goldstein_icews, found.goldstein_keds)]
    assert all(-10 <= score <= 10 for score in scores if score is not None)


@pytest.mark.parametrize(
    ("code", "gdelt", "icews", "keds"),
    [("016", -2.0, -5.0, 3.4), ("164", -7.0, -6.5, -7.0), ("190", -10.0, -10.0, -10.0), ("010", 0.0, 0.0, 0.0), ("106", -5.0, -5.0, -5.0)],
)
def test_goldstein_scores_where_the_lineages_differ(code, gdelt, icews, keds):
    found = action(code)
    assert (found.goldstein, found.goldstein_icews, found.goldstein_keds) == (gdelt, icews, keds)


@ACTIONS
def test_only_statements_have_no_plover_class(code):
    plover = action(code).plover
    assert plover in PLOVER if code[:2] != "01" else plover == ""


@ACTIONS
def test_an_action_is_explained(code):
    found = action(code)
    for text in (found.name, found.definition, found.use_when, found.example, found.decoy):
        assert text == text.strip()
        assert text
    assert all(text.endswith((".", "!", "?", '"', "”")) for text in (found.definition, found.use_when, found.example, found.decoy))
    assert found.decoy_code != code
    assert found.decoy_code == "none" or found.decoy_code in actions()


@pytest.mark.parametrize("field", ["name", "definition", "use_when", "example", "decoy"])
def test_no_two_actions_are_explained_alike(field):
    said = Counter(getattr(found, field).casefold() for found in actions().values())
    assert [text for text, times in said.items() if times > 1] == []


def test_no_decoy_is_an_example():
    assert not {found.example for found in actions().values()} & {found.decoy for found in actions().values()}


def test_the_actions_agree_with_the_reference(reference):
    with (reference / "cameo_event_codes_merged.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["code"]: row for row in csv.DictReader(file) if row["in_cameo_1_1b3"] == "1"}
    assert set(rows) == set(actions())

    def score(text):
        return float(text) if text else None

    for code, row in rows.items():
        found = action(code)
        assert (found.name, found.parent, str(found.level)) == (row["name_cameo_1_1b3"], row["parent"], row["level"])
        assert (str(found.quad_class), str(found.quad_class_phoenix)) == (row["quad_gdelt"], row["quad_phoenix"])
        assert found.goldstein == score(row["goldstein_gdelt"]), code
        assert found.goldstein_icews == score(row["goldstein_icews"]), code
        assert found.goldstein_keds == score(row["goldstein_keds_scale"]), code
        theirs = row["plover_2021"].split(",")[0]
        assert not theirs or (found.plover != theirs) == (code in OWN_PLOVER), code


@pytest.mark.parametrize(("code", "hint"), [("42", "042"), ("10 ", ""), ("199", ""), ("", ""), ("811", "0811")])
def test_an_unknown_action_says_so(code, hint):
    with pytest.raises(UnknownCodeError) as raised:
        action(code)
    assert raised.value.expected == "a CAMEO 1.1b3 code"
    assert hint in raised.value.fix
    assert bool(hint) == bool(raised.value.fix)


# -- codelists --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("codelist", CODELISTS)
def test_rows_of_a_codelist_are_whole(codelist):
    for row in resources.rows(codelist):
        assert None not in row, f"{row['code']} has more cells than the header"
        assert None not in row.values(), f"{row['code']} has fewer cells than the header"
        assert row["code"] == row["code"].strip() != ""
        assert row["name"] == row["name"].strip() != "", row["code"]


@pytest.mark.parametrize("codelist", ["actions", "countries", "regions", "roles"])
def test_codes_of_a_codelist_are_unique(codelist):
    assert [code for code, times in Counter(row["code"] for row in resources.rows(codelist)).items() if times > 1] == []


@pytest.mark.parametrize("codelist", ["countries", "regions", "roles", "groups"])
def test_parts_of_actor_codes_are_three_capital_letters(codelist):
    assert [
        code for code in resources.codes(codelist) if not (len(code) == 3 and code.isascii() and code.isalpha() and code.isupper())
    ] == []


def test_a_base_is_of_one_kind():
    """A code must not be read in two ways: no region or role is called like a country."""
    first = Counter(code for name in ("countries", "regions", "roles") for code in resources.codes(name))
    assert [code for code, times in first.items() if times > 1] == []


def test_kinds_are_known():
    kinds = {name: {row["kind"] for row in resources.rows(name)} for name in ("countries", "groups")}
    assert kinds == {"countries": {"iso", "provisional", "historic"}, "groups": {"group", "ethnic", "religion"}}


def test_there_are_249_iso_countries():
    iso = [row for row in resources.rows("countries") if row["kind"] == "iso"]
    assert len(iso) == len({row["iso2"] for row in iso}) == len({row["iso_numeric"] for row in iso}) == 249
    assert all(len(row["iso2"]) == 2 and len(row["iso_numeric"]) == 3 for row in iso)


COUNTRIES = (
    ("DEU", "Germany", "iso", "255", "260", "", ""),
    ("AZE", "Azerbaijan", "iso", "373", "373", "1991-12-21", ""),
    ("ARM", "Armenia", "iso", "371", "371", "1991-12-21", ""),
    ("SSD", "South Sudan", "iso", "626", "626", "2011-07-09", ""),
    ("SUN", "Soviet Union", "historic", "365", "365", "1922-12-30", "1991-12-25"),
    ("NKR", "Nagorno-Karabakh", "provisional", "", "", "1991-09-02", "2024-01-01"),
    ("XKX", "Kosovo", "provisional", "347", "347", "2008-02-17", ""),
    ("DDR", "East Germany", "historic", "265", "265", "1949-10-07", "1990-10-02"),
)


@pytest.mark.parametrize("facts", COUNTRIES, ids=lambda facts: facts[0])
def test_facts_of_a_country(facts):
    row = actors.countries()[facts[0]]
    assert tuple(row[key] for key in ("code", "name", "kind", "cow", "gw", "valid_from", "valid_to")) == facts


def test_countries_are_dated_in_order_and_numbered():
    for row in resources.rows("countries"):
        days = [date.fromisoformat(row[key]) for key in ("valid_from", "valid_to") if row[key]]
        assert days == sorted(days), row["code"]
        assert row["kind"] == "iso" or days, f"{row['code']} is no ISO country and has no date"
        assert all(row[key] == "" or 1 <= int(row[key]) <= 999 for key in ("cow", "gw")), row["code"]


@pytest.mark.parametrize("numbers", ["cow", "gw"])
def test_no_two_living_countries_share_a_number(numbers):
    living = Counter(row[numbers] for row in resources.rows("countries") if row["kind"] != "historic" and row[numbers])
    assert [number for number, times in living.items() if times > 1] == []


# -- composed codes ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("AZE", "Azerbaijan"),
        ("NKR", "Nagorno-Karabakh"),
        ("GOV", "Government"),
        ("AZEMIL", "Azerbaijan: military"),
        ("USAGOVMIL", "United States: government, military"),
        ("RUSSPY", "Russia: state intelligence"),
        ("IGOUNO", "Inter-governmental organization: United Nations"),
        ("NGOIRCHLH", "Non-governmental organization: Red Cross, health"),
        ("IRQKURREB", "Iraq: Kurd, rebels"),
        ("AFGMOSINS", "Afghanistan: Muslim, insurgents"),  # MOS is also Mossi
        ("UKRRUS", "Ukraine: Russian"),  # RUS is also the country
        ("IGOEUREEC", "Inter-governmental organization: Europe, European Union"),  # EUR is also Europeans
    ],
)
def test_names_of_actors(code, name):
    assert actors.name(code) == name


BASES = sorted(code for name in ("countries", "regions", "roles") for code in resources.codes(name))
PARTS = sorted(resources.codes("groups") | resources.codes("roles") | resources.codes("countries") | resources.codes("regions"))


def test_every_base_and_every_part_composes():
    composed = [*BASES, *(f"IGO{part}" for part in PARTS if grammar.is_actor(f"IGO{part}"))]
    assert len(composed) > len(BASES) + len(PARTS) / 2
    for code in composed:
        assert actors.name(code).strip(": ")


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PARTS), max_size=4), st.sampled_from(BASES))
def test_every_code_that_is_well_formed_has_a_name_a_country_and_roles(parts, base):
    code = base + "".join(parts)
    if not grammar.is_actor(code):
        with pytest.raises(UnknownCodeError):
            actors.name(code)
        return
    name = actors.name(code)
    assert name.startswith(actors.name(base))
    assert (": " in name) == bool(parts)
    assert name.count(", ") >= len(parts) - 1
    assert grammar.country(code) in {None, base}
    assert set(actors.roles(code)) <= {base, *parts}


@settings(max_examples=200)
@given(st.text(max_size=12) | st.from_regex(r"[A-Z]{0,10}", fullmatch=True))
def test_the_grammar_accepts_nothing_but_known_parts(text):
    if grammar.is_actor(text):
        assert set(grammar.chunks(text)) <= {*BASES, *PARTS}
        assert "".join(grammar.chunks(text)) == text


@pytest.mark.parametrize(
    ("code", "roles"), [("USAGOVMIL", ["GOV", "MIL"]), ("AZEMIL", ["MIL"]), ("AZE", []), ("GOV", ["GOV"]), ("IGO", []), ("IGOEUREEC", [])]
)
def test_roles_of_an_actor(code, roles):
    assert actors.roles(code) == roles


@pytest.mark.parametrize("code", ["azemil", "AZEXYZ", "", "AZE\n"])
def test_a_code_that_is_not_well_formed_has_no_name(code):
    with pytest.raises(UnknownCodeError, match="no such actor"):
        actors.name(code)


# -- search -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "entry"),
    [
        ("azeri", ("countries", "AZE")), ("STEPANAKERT", ("countries", "NKR")), ("conventional military force", ("actions", "190")),
        ("nato", ("groups", "NAT")), ("rebels", ("roles", "REB")), ("caucasus", ("regions", "CAU")),
    ],
)  # fmt: skip
def test_search_finds(words, entry):
    assert entry in {(codelist, code) for codelist, code, _ in actors.search(words)}


def test_search_finds_nothing_for_nonsense():
    assert list(actors.search("qqxzqq")) == []
