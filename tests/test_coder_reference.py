"""Words that only refer to an actor: to whom, and when to nobody."""

from datetime import date

import pytest

from eventcode.coder.code import code_text

DAY = date(2020, 10, 10)


def last(text):
    """Actor, target and where they are named, of the last report."""
    report = code_text(text, published=DAY)[-1]
    return report.actor, report.target, report.actor_named_in, report.target_named_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # he, it, they: the subject before
        ("Ilham Aliyev spoke in Baku. He accused Armenia of aggression.", ("AZEGOV", "ARM", 1, None)),
        ("Ilham Aliyev spoke in Baku.\n\nHe accused Armenia of aggression.", ("AZEGOV", "ARM", 1, None)),
        ("Turkey is a member of NATO. It condemned Armenia.", ("TUR", "ARM", 1, None)),
        # definite descriptions: called so before, or the only one with the role
        ("The Russian Foreign Ministry published a note. The ministry condemned Turkey.", ("RUSGOV", "TUR", 1, None)),
        ("Armenian separatists met in Karabakh. The separatists attacked Azerbaijan.", ("NKRSEP", "AZE", 1, None)),
        # the two, both sides
        ("Armenia and Azerbaijan are at war. Russia criticized both countries.", ("RUS", "AZE", None, 1)),
        ("Armenia and Azerbaijan are at war. Both sides agreed to a ceasefire.", ("AZE", "ARM", 1, 1)),
        # his counterpart
        ("Sergei Lavrov visited Baku. The Russian foreign minister met his Azerbaijani counterpart.", ("AZEGOV", "RUSGOV", None, None)),
        # who speaks
        ('"We condemn Turkey," the Armenian foreign minister said.', ("ARMGOV", "TUR", None, None)),
    ],
)  # fmt: skip
def test_reference(text, expected):
    assert last(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "It condemned Armenia.",
        "They attacked Georgia.",
        "Both sides agreed to a ceasefire.",
        "The French president met the German president in Paris. The Kremlin watched. They condemned Armenia.",
    ],
)
def test_what_is_not_clear_stays_unresolved(text):
    said = text.rsplit(". ", 1)[-1]
    word = said.split()[0]
    assert not any((r.actor_text or "").startswith(word) and r.actor for r in code_text(text, published=DAY))


def test_both_sides_of_two_quarrels_are_nobody():
    text = "Armenia and Azerbaijan fought. Armenia and Azerbaijan talked. Russia and Turkey watched. Russia and Turkey met. Both sides agreed to a truce."
    assert not [r for r in code_text(text, published=DAY) if r.sentence == 5]


def test_the_office_is_that_of_the_day_of_the_event():
    text = "On 3 March 2017 Serzh Sargsyan met Vladimir Putin."
    assert {(r.actor, r.target) for r in code_text(text, published=DAY)} == {("ARMGOV", "RUSGOV"), ("RUSGOV", "ARMGOV")}
    assert {r.actor for r in code_text("Serzh Sargsyan met Vladimir Putin.", published=DAY)} == {"ARMELI", "RUSGOV"}
