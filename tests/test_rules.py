"""The catalogue of rules says of each rule all that a reader needs, and the page is made from it."""

import datetime as dt
import re

import pytest

from eventcode import resources
from eventcode.contribute.rules import FAMILIES, page, rule, rules, select
from eventcode.errors import UnknownCodeError
from eventcode.model import grammar

RULES = pytest.mark.parametrize("code", sorted(rules()))
TEXTS = ("title", "what", "why", "wrong", "right", "fix")


def test_the_catalogue_is_large_and_in_order():
    assert len(rules()) >= 60
    assert list(rules()) == sorted(rules())
    assert {r.family for r in rules().values()} == set(FAMILIES)


@RULES
def test_a_rule_has_a_code_and_all_texts(code):
    found = rule(code)
    assert re.fullmatch(r"EC[0-6]\d\d", code)
    assert found.severity in {"error", "warning"}
    for name in TEXTS:
        text = getattr(found, name)
        assert text == text.strip()
        assert "\n" not in text
        assert 2 < len(text) <= 210
    for name in ("what", "why", "fix"):
        assert getattr(found, name)[-1] in ".?)"
    assert found.title[-1] != "."


@RULES
def test_wrong_and_right_differ(code):
    assert rule(code).wrong != rule(code).right


def test_no_two_rules_have_the_same_title():
    titles = [r.title for r in rules().values()]
    assert len(set(titles)) == len(titles)


def test_only_errors_of_the_file_stop_it_as_a_whole():
    assert {r.family for r in rules().values() if r.whole} == {"EC0"}
    assert all(r.severity == "error" for r in rules().values() if r.whole)
    assert not any(r.whole and r.repaired for r in rules().values())


# -- limits -----------------------------------------------------------------------------------------------------------


@RULES
def test_limits_name_known_codes_once(code):
    for name, value in rule(code).limits.items():
        if name.startswith(("codes", "roots")):
            assert set(value) <= resources.codes("actions")
            assert len(set(value)) == len(value)
        if name == "roots":
            assert all(len(root) == 2 for root in value)


@RULES
def test_limits_that_a_rule_speaks_of_are_there(code):
    found = rule(code)
    assert set(re.findall(r"`(\w+)`", found.what)) <= set(found.limits)


@pytest.mark.parametrize(
    ("names", "codes"),
    [
        ({"days"}, ["EC317", "EC318", "EC322", "EC412", "EC503", "EC510"]),
        ({"codes"}, ["EC408"]),
        ({"codes", "codes_of_states"}, ["EC407"]),
        ({"roots"}, ["EC413", "EC414", "EC508"]),
        ({"roots", "codes_of_crowds"}, ["EC415"]),
        ({"rows"}, ["EC409", "EC601", "EC602", "EC603", "EC604", "EC605"]),
        ({"rows", "share"}, ["EC106", "EC107", "EC606", "EC607", "EC608"]),
        ({"rows", "share", "least"}, ["EC609"]),
        ({"deaths", "wounded", "detained", "displaced", "protesters"}, ["EC417"]),
    ],
)
def test_what_the_checks_count_with(names, codes):
    assert {code for code, found in rules().items() if set(found.limits) == names} == set(codes)


def test_limits_are_of_the_kind_that_they_say():
    assert all(dt.date.fromisoformat(day) for day in rule("EC322").limits["days"])
    for found in rules().values():
        assert 0 < found.limits.get("share", 0.5) <= 1
        assert found.limits.get("rows", 3) >= 3


def test_acts_that_need_two_leave_out_what_parts_of_one_country_do_to_each_other():
    acts = set(rule("EC407").limits["codes"])
    assert "161" in acts
    assert not acts & {"190", "192", "193", "046", "040", "042", "057", "111", "141", "163", "173", "174", "175", "0841"}


def test_acts_of_two_sides_have_their_own_rule():
    mutual = {code[:2] for code in rule("EC408").limits["codes"]}
    assert not mutual & set(rule("EC508").limits["roots"])


# -- examples ---------------------------------------------------------------------------------------------------------


@RULES
def test_the_right_example_has_known_codes(code):
    right = rule(code).right
    for action in re.findall(r"\baction: (\d+)\b", right):
        assert action in resources.codes("actions")
    for actor in re.findall(r"\b(?:actor|target|attributed_to|figures_by): ([A-Z]{3,})\b", right):
        assert grammar.is_actor(actor)
    for country in re.findall(r"\bcountry: ([A-Z]+)\b", right):
        assert country in resources.codes("countries")


@pytest.mark.parametrize("code", ["EC203", "EC204"])
def test_the_wrong_example_of_an_action_is_no_code(code):
    assert rule(code).wrong.removeprefix("action: ") not in resources.codes("actions")


@pytest.mark.parametrize("code", ["EC205", "EC206", "EC213", "EC214"])
def test_the_wrong_example_of_an_actor_is_no_code(code):
    assert not grammar.is_actor(rule(code).wrong.removeprefix("actor: "))


# -- choosing rules ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("codes", "ignore", "expected"),
    [
        ([], [], set(rules())),
        (["EC203"], [], {"EC203"}),
        (["ec203", " EC204 "], [], {"EC203", "EC204"}),
        (["EC"], ["EC1", "EC2", "EC3", "EC4", "EC5", "EC6"], {code for code in rules() if code < "EC1"}),
        (["EC50"], ["EC501"], {f"EC50{n}" for n in range(2, 10)}),
        (["EC203"], ["EC2"], {"EC203"}),
        (["EC2"], ["EC2"], set()),
        ([], ["EC"], set()),
    ],
)
def test_rules_are_chosen_by_prefix(codes, ignore, expected):
    assert select(codes, ignore) == expected


def test_all_unknown_rules_are_named_at_once_with_the_nearest():
    with pytest.raises(UnknownCodeError) as caught:
        select(["EC2", "EC2033", "X1"], ["", "EC9"])
    assert caught.value.what == "no such rules: EC2033, X1, (empty), EC9"
    assert "EC203" in caught.value.fix
    with pytest.raises(UnknownCodeError, match="no such rule: EC9"):
        select(ignore=["ec9"])


# -- the page ---------------------------------------------------------------------------------------------------------


def test_the_page_is_fresh():
    assert (resources.SCHEMA / "RULES.md").read_text(encoding="utf-8") == page(), "run: eventcode schema"


@RULES
def test_the_page_tells_of_every_rule(code):
    found = rule(code)
    entry = page().split(f'<a id="{code.lower()}"></a>\n', 1)[1].split("<a id=", 1)[0]
    assert entry.startswith(f"\n### {code} {found.title}\n\n*{found.severity}")
    for text in (found.what, found.why, found.fix, *found.limits):
        assert text in entry
    assert ("mended by" in entry) is found.repaired


def test_the_page_counts_the_rules_of_each_family():
    counts = [int(n) for n in re.findall(r"^- \[EC\d: .*\), (\d+) rules", page(), re.MULTILINE)]
    assert sum(counts) == len(rules())
    assert page().isprintable() or all(c.isprintable() or c == "\n" for c in page())
