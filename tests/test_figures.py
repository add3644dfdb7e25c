"""Figures of victims and crowds, by docs/coding-rules.md, "Figures"."""

import pytest

from eventcode import resources
from eventcode.coder.amounts import number
from eventcode.coder.figures import Figure, figures, merged
from eventcode.coder.nlp import parse

KINDS = {"deaths", "wounded", "detained", "displaced", "protesters"}


def read(text):
    (doc,) = parse([text])
    return [figure for sentence in doc.sents for figure in figures(list(sentence))], doc


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A policeman was shot dead in Nairobi on Monday.", {"deaths": (1, 1, 1)}),
        ("Two rockets landed in the Green Zone but no one was hurt.", {"wounded": (0, 0, 0)}),
        ("No civilians were killed in the strike, the coalition said.", {"deaths": (0, 0, 0)}),
        ("The blast left nine dead and at least 40 injured.", {"deaths": (9, 9, 9), "wounded": (40, 40, None)}),
        ("The army killed 12 rebels and wounded 7.", {"deaths": (12, 12, 12), "wounded": (7, 7, 7)}),
        ("The death toll rose to 45 from 38 overnight.", {"deaths": (45, 45, 45)}),
        ("The attack claimed the lives of 17 people.", {"deaths": (17, 17, 17)}),
        ("The bodies of eight men were found near the river.", {"deaths": (8, 8, 8)}),
        ("The president mourned the death of 14 miners.", {"deaths": (14, 14, 14)}),
        ("The shelling caused 200 casualties.", {"deaths": (None, None, 200), "wounded": (None, None, 200)}),
        ("Government troops killed or wounded 40 rebels.", {"deaths": (None, None, 40), "wounded": (None, None, 40)}),
        ("Five soldiers and three civilians were killed in the ambush.", {"deaths": (8, 8, 8)}),
        ("A woman and her two children were killed by a shell.", {"deaths": (3, 3, 3)}),
        ("At least eight people, six soldiers and two civilians, were killed.", {"deaths": (8, 8, None)}),
        ("Twelve people, among them two women, were killed in the raid.", {"deaths": (12, 12, 12)}),
        ("The bombing killed 12 people, three of them children.", {"deaths": (12, 12, 12)}),
        ("Two protesters were killed and 17 others wounded.", {"deaths": (2, 2, 2), "wounded": (17, 17, 17)}),
        ("12 rebels killed 3 soldiers near the border.", {"deaths": (3, 3, 3)}),
        ("Scores of people were killed when troops opened fire.", {"deaths": (40, None, None)}),
        ("Police arrested forty-two protesters in Tbilisi.", {"detained": (42, 42, 42)}),
        ("As many as 1,500 houses were burned and 20,000 people displaced.", {"displaced": (20000, 20000, 20000)}),
        ("Between 1,000 and 1,500 people fled the town.", {"displaced": (1000, None, 1500)}),
        ("Nearly half a million Ukrainians fled to Poland in a week.", {"displaced": (None, 500000, None)}),
        ("Tens of thousands of people took to the streets of Caracas.", {"protesters": (20000, None, None)}),
        ("Riot police dispersed up to 2,000 demonstrators.", {"protesters": (None, None, 2000)}),
        ("A rally of 5,000 was held in Minsk.", {"protesters": (5000, 5000, 5000)}),
    ],
)
def test_a_sentence_gives_the_figures_that_the_rules_say(text, expected):
    assert merged(read(text)[0]) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Parliament killed a bill on pensions by 52 votes to 48.",
        "The decision killed 200 jobs in the valley.",
        "The storm destroyed 40 houses and 300 tanks advanced 12 km.",
        "The minister pledged $5m to the wounded.",
        "About 60 percent of the protesters were students.",
        "The party held 40 seats and 2 million voters went to the polls.",
        "The government released 40 prisoners after 3,000 refugees returned home.",
        "Several soldiers were killed in the ambush, and others were wounded.",
        "Two gunmen fled the scene on a motorcycle.",
        "The army did not kill 12 civilians, the spokesman insisted.",
    ],
)
def test_things_measures_and_plain_plurals_give_nothing(text):
    assert read(text)[0] == []


def test_a_figure_points_to_the_word_that_says_what_happened():
    found, doc = read("Fighting went on. Police killed five people and arrested 20 in a crackdown.")
    assert [(figure.kind, doc[figure.word].text) for figure in found] == [("deaths", "killed"), ("detained", "arrested")]


def test_an_empty_sentence_gives_nothing():
    assert figures([]) == []


def test_the_fullest_account_of_a_kind_is_kept_and_the_first_of_those():
    vague, full, later = (Figure("deaths", 24, None, None, 2), Figure("deaths", 30, 30, 30, 5), Figure("deaths", 31, 31, 31, 8))
    assert merged([vague, full, later]) == {"deaths": (30, 30, 30)}
    assert merged([full, Figure("deaths", 2, 2, None, 5)]) == {"deaths": (32, 32, None)}


@pytest.mark.parametrize(
    ("text", "value"), [("2.5 million", 2_500_000), ("a hundred", 100), ("a couple of dozen", 24), ("ninety-nine", 99)]
)
def test_number_words_are_read(text, value):
    assert number(text) == value


def test_the_table_names_known_kinds():
    assert {row["kind"] for row in resources.rows("figures")} == KINDS | {"nobody", "somebody"}
