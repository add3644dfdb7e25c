"""Days that a text states, resolved from the publication date."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import FR, MO, SA, SU, TH, TU, WE, relativedelta

_WEEKDAYS = dict(
    zip(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"], (MO, TU, WE, TH, FR, SA, SU), strict=True)
)
_MONTHS = {
    name[:3]: number
    for number, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1)
}
_MONTH = r"(?P<month>Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
_NUMBERS = {word: number for number, word in enumerate("a two three four five six seven eight nine ten eleven twelve".split(), start=1)} | {
    "one": 1
}
_NEAR = {"today": 0, "tonight": 0, "overnight": 0, "yesterday": -1, "tomorrow": 1}
_AHEAD = timedelta(days=14)
"""A day and month without a year is read as the last such day, up to two weeks ahead of publication."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A date that stands in a text.

    Attributes:
        start: Offset of its first character.
        day: The day; the first one of a month or year.
        precision: "day", "week", "month" or "year".
        basis: "stated" where the text gives it in full or nearly so, "relative" where it is read from the publication date.
        forward: The same weekday after publication, for acts still to come; else None.
    """

    start: int
    day: date
    precision: str
    basis: str
    forward: date | None = None


def _make(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _in_year(match: re.Match[str], published: date | None) -> Stated | None:
    month, day, year = _MONTHS[match["month"][:3].lower()], int(match["day"]), match["year"]
    if year:
        found = _make(int(year), month, day)
    elif published:
        found = _make(published.year, month, day)
        if found and found > published + _AHEAD:
            found = _make(published.year - 1, month, day)
    else:
        found = None
    return Stated(match.start(), found, "day", "stated") if found else None


def _month_of_year(match: re.Match[str], _: date | None) -> Stated | None:
    return Stated(match.start(), date(int(match["year"]), _MONTHS[match["month"][:3].lower()], 1), "month", "stated")


def _year(match: re.Match[str], _: date | None) -> Stated | None:
    return Stated(match.start("year"), date(int(match["year"]), 1, 1), "year", "stated")


def _iso(match: re.Match[str], _: date | None) -> Stated | None:
    found = _make(*(int(part) for part in match[0].split("-")))
    return Stated(match.start(), found, "day", "stated") if found else None


def _weekday(match: re.Match[str], published: date | None) -> Stated | None:
    if published is None:
        return None
    weekday = _WEEKDAYS[match["weekday"].lower()]
    back, on = published + relativedelta(weekday=weekday(-1)), published + relativedelta(weekday=weekday(1))
    which = (match["which"] or "").lower()
    if which == "next":
        return Stated(match.start(), on, "day", "relative", on)
    if which == "last" and back == published:
        back -= timedelta(days=7)
    return Stated(match.start(), back, "day", "relative", on)


def _month_alone(match: re.Match[str], published: date | None) -> Stated | None:
    if published is None:
        return None
    month = _MONTHS[match["month"][:3].lower()]
    year = published.year if month <= published.month else published.year - 1
    return Stated(match.start(), date(year, month, 1), "month", "relative", date(year + 1, month, 1) if month < published.month else None)


def _first_day(day: date, unit: str) -> date:
    """First day of the week (a Monday), month or year that a day lies in; the day itself for days."""
    if unit == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1, month=1) if unit == "year" else day.replace(day=1) if unit == "month" else day


def _period(match: re.Match[str], published: date | None) -> Stated | None:
    """The first day of "last month" or "next year"."""
    if published is None:
        return None
    unit, sign = match["unit"].lower(), {"last": -1, "past": -1, "this": 0, "next": 1, "coming": 1}[match["which"].lower()]
    day = _first_day(published + relativedelta(**{f"{unit}s": sign}), unit)  # type: ignore[arg-type]
    return Stated(match.start(), day, unit, "relative", day)


def _ago(match: re.Match[str], published: date | None) -> Stated | None:
    if published is None:
        return None
    unit, number = match["unit"].lower(), _NUMBERS.get(match["number"].lower()) or int(match["number"])
    return Stated(match.start(), _first_day(published - relativedelta(**{f"{unit}s": number}), unit), unit, "relative")  # type: ignore[arg-type]


def _near(match: re.Match[str], published: date | None) -> Stated | None:
    return Stated(match.start(), published + timedelta(days=_NEAR[match[0].lower()]), "day", "relative") if published else None


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date | None], Stated | None]], ...] = (
    (re.compile(r"\b(?:1[89]|20)\d\d-\d\d-\d\d\b"), _iso),
    (re.compile(rf"\b{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<year>(?:1[89]|20)\d\d)\b)?"), _in_year),
    (re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{_MONTH}\b(?:,? (?P<year>(?:1[89]|20)\d\d)\b)?"), _in_year),
    (re.compile(rf"\b{_MONTH},? (?:of )?(?P<year>(?:1[89]|20)\d\d)\b"), _month_of_year),
    (re.compile(rf"\b(?:(?P<which>next|last|this) )?(?P<weekday>{'|'.join(_WEEKDAYS)})s?\b", re.IGNORECASE), _weekday),
    (re.compile(r"\b(?P<which>last|past|this|next|coming) (?P<unit>week|month|year)\b(?!['-])", re.IGNORECASE), _period),
    (re.compile(rf"\b(?P<number>\d{{1,3}}|{'|'.join(_NUMBERS)}) (?P<unit>day|week|month|year)s? (?:ago|earlier)\b", re.IGNORECASE), _ago),
    (re.compile(rf"\b[Ii]n (?:early |mid-|late )?{_MONTH}\b(?! \d|, \d)"), _month_alone),
    (re.compile(rf"\b(?:{'|'.join(_NEAR)})\b", re.IGNORECASE), _near),
    (re.compile(r"\b(?:in|of|during) (?P<year>(?:1[89]|20)\d\d)\b", re.IGNORECASE), _year),
)


def stated(text: str, published: date | None) -> list[Stated]:
    """The dates in a text, in its order; where two overlap the fuller form counts.

    >>> [(s.day.isoformat(), s.basis) for s in stated("On Thursday, and on Sept. 27, they met.", date(2020, 10, 9))]
    [('2020-10-08', 'relative'), ('2020-09-27', 'stated')]
    >>> stated("They met on Thursday.", None)
    []
    """
    taken: list[tuple[int, int]] = []
    found: list[Stated] = []
    for form, read in _FORMS:
        for match in form.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            hit = read(match, published)
            if hit:
                taken.append(match.span())
                found.append(hit)
    return sorted(found, key=lambda s: s.start)
