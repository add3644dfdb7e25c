"""Cleaning, paragraphs and dates."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventcode.coder.dates import stated
from eventcode.coder.text import clean, paragraphs


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("a cease- fire held", "a cease-fire held"),
        ("the so- called group", "the so-called group"),
        ("two- and three-day talks", "two- and three-day talks"),
        ("Nagorno- Karabakh", "Nagorno-Karabakh"),
        ("the U. S. said", "the U.S. said"),
        ("at 12 p. m., it", "at 12 p.m., it"),
        ("“fragile” truce, Armenia’s", '"fragile" truce, Armenia\'s'),
        ("he said â€œnoâ€\x9d", 'he said "no"'),
        ("Armeniaâ€™s army", "Armenia's army"),
        ("non\u00a0breaking", "non breaking"),
        ("Élysée, Türkiye, São Tomé", "Élysée, Türkiye, São Tomé"),
    ],
)
def test_clean(given_text, expected):
    assert clean(given_text).clean == expected


@given(st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from("a- .USâ€™“”\n")), max_size=200))
def test_every_clean_character_knows_where_it_stood(text):
    cleaned = clean(text)
    assert len(cleaned.begins) == len(cleaned.ends) == len(cleaned.clean)
    assert all(0 <= a < b <= len(text) for a, b in zip(cleaned.begins, cleaned.ends, strict=True))
    assert list(cleaned.begins) == sorted(cleaned.begins)
    assert list(cleaned.ends) == sorted(cleaned.ends)
    for start, end in paragraphs(cleaned.clean):
        assert cleaned.clean[start:end].strip()


def test_words_that_are_not_mended_stand_where_they_stood():
    text = "The cease- fire held, the U. S. said â€œyesâ€\x9d on Monday."
    cleaned = clean(text)
    for word in ("held", "said", "Monday"):
        start, end = cleaned.span(cleaned.clean.index(word), cleaned.clean.index(word) + len(word))
        assert text[start:end] == word


def test_paragraphs_leave_out_what_sites_put_around_an_article():
    text = "Spread the love\n\nTroops left the town.\n\nRead more: other things\n\nThey came back.\n\nLeave a Comment\n\nNever read this."
    assert [text[a:b] for a, b in paragraphs(text)] == ["Troops left the town.", "They came back."]


def test_wrapped_lines_are_one_paragraph():
    lines = [
        "The foreign ministers of the two countries met for the first",
        "time since the war and agreed to open the border before the",
        "end of the month, as a spokesman for one of them said to the",
        "agency after the talks had ended late in the evening.",
    ]
    text = "\n".join(lines)
    assert paragraphs(text) == [(0, len(text))]


PUBLISHED = date(2020, 10, 10)  # a Saturday


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on Thursday", [("2020-10-08", "day", "relative")]),
        ("on Saturday", [("2020-10-10", "day", "relative")]),
        ("next Monday", [("2020-10-12", "day", "relative")]),
        ("on Sept. 27", [("2020-09-27", "day", "stated")]),
        ("on 27 September", [("2020-09-27", "day", "stated")]),
        ("on December 24", [("2019-12-24", "day", "stated")]),
        ("on October 20", [("2020-10-20", "day", "stated")]),
        ("on 3 March 1994", [("1994-03-03", "day", "stated")]),
        ("on 2020-09-27", [("2020-09-27", "day", "stated")]),
        ("in May 1994", [("1994-05-01", "month", "stated")]),
        ("in 1994", [("1994-01-01", "year", "stated")]),
        ("yesterday and tomorrow", [("2020-10-09", "day", "relative"), ("2020-10-11", "day", "relative")]),
        ("since 1994, until 2001", [("1994-01-01", "year", "stated")]),
        ("last Saturday", [("2020-10-03", "day", "relative")]),
        ("last week", [("2020-09-28", "week", "relative")]),
        ("last month", [("2020-09-01", "month", "relative")]),
        ("next year", [("2021-01-01", "year", "relative")]),
        ("two weeks ago", [("2020-09-26", "week", "relative")]),
        ("three days ago", [("2020-10-07", "day", "relative")]),
        ("in July", [("2020-07-01", "month", "relative")]),
        ("in late December", [("2019-12-21", "month", "relative")]),
        ("on February 30", []),
        ("1994 people marched", []),
        ("they may march", []),
    ],
)
def test_stated_dates(text, expected):
    assert [(s.day.isoformat(), s.precision, s.basis) for s in stated(text, PUBLISHED)] == expected


def test_a_weekday_without_a_publication_date_stays_unknown():
    assert stated("on Thursday, September 27", None) == []


@given(st.text(max_size=60), st.none() | st.dates())
def test_dates_never_fail(text, published):
    stated(text, published)
