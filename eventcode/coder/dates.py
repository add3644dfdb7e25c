"""Days that a text states, resolved from the publication date by the rules of docs/coding-rules.md."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import zip_longest

from dateutil.relativedelta import relativedelta

_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_MONTHS = {name: n for n, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)}
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_NUMBERS = {word: n for n, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), start=1)} | {
    "a": 1, "an": 1, "couple of": 2, "a couple of": 2, "fourteen": 14, "fifteen": 15, "twenty": 20, "thirty": 30,
}  # fmt: skip
_NEAR = {
    "today": 0,
    "tonight": 0,
    "overnight": 0,
    "yesterday": -1,
    "tomorrow": 1,
    "last night": -1,
    "the day before yesterday": -2,
    "the day after tomorrow": 2,
}
_AHEAD = timedelta(days=14)
"""A day and month without a year is read as the last such day, up to two weeks ahead of publication."""
_THIRDS = {"early": (1, 10), "mid": (11, 20), "middle of": (11, 20), "late": (21, 31)}
_FOUR_MONTHS = {"early": (1, 4), "mid": (5, 8), "middle of": (5, 8), "late": (9, 12)}

_MONTH = r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
_Y = r"(?:1[89]|20)\d\d"
_D = r"\d{1,2}(?:st|nd|rd|th)?"
_TO = r"\s?(?:-|–|—|to|until|till|through|and)\s?"
_NUMBER = rf"\d{{1,3}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))}"
_TOUCHING = re.compile(r",? ?\(?")
_PART = r"(?P<part>[Ee]arly|[Mm]id|[Ll]ate)"


@dataclass(frozen=True, slots=True)
class Stated:
    """A date that stands in a text.

    Attributes:
        start: Offset of its first character.
        end: Offset behind its last one.
        day: The day, or the first one.
        precision: "day", "week", "month" or "year".
        basis: "stated" where the text gives it in full or nearly so, "relative" where it is read from the publication date.
        last: The last day, where it is more than one.
        forward: The same expression read of an act still to come; None where that makes no difference.
    """

    start: int
    end: int
    day: date
    precision: str
    basis: str
    last: date | None = None
    forward: tuple[date, date | None] | None = None


def _make(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month(text: str) -> int:
    return _MONTHS[text[:3].lower()]


def _day(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _count(text: str) -> int:
    return _NUMBERS.get(text.lower()) or int(text)


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _end(day: date, unit: str) -> date:
    """Last day of the week, month or year that a day begins."""
    if unit == "week":
        return day + timedelta(days=6)
    return _month_end(day) if unit == "month" else day.replace(month=12, day=31)


def _begin(day: date, unit: str) -> date:
    """First day of the week (a Monday), month or year that a day lies in; the day itself for days."""
    if unit == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1, month=1) if unit == "year" else day.replace(day=1) if unit == "month" else day


def _back(published: date, number: int, unit: str) -> date:
    return published - relativedelta(**{f"{unit}s": number})  # type: ignore[arg-type]


def _in_year(month: int, day: int, year: str | None, published: date | None) -> date | None:
    """A day and month; without a year that nearest to publication, at most two weeks ahead."""
    if year:
        return _make(int(year), month, day)
    if published is None:
        return None
    here = (_make(published.year - back, month, day) for back in (-1, 0, 1, 2, 3, 4))
    return next((found for found in here if found and found <= published + _AHEAD), None)


def _at(
    match: re.Match[str],
    day: date | None,
    precision: str = "day",
    basis: str = "stated",
    last: date | None = None,
    forward: tuple[date, date | None] | None = None,
) -> Stated | None:
    return Stated(match.start(), match.end(), day, precision, basis, last if last != day else None, forward) if day else None


def _iso(m: re.Match[str], _: date | None) -> Stated | None:
    return _at(m, _make(*(int(part) for part in m[0].split("-"))))


def _full(m: re.Match[str], published: date | None) -> Stated | None:
    return _at(m, _in_year(_month(m["month"]), _day(m["day"]), m["year"], published))


def _days(m: re.Match[str], published: date | None) -> Stated | None:
    """Two days of one month, or of two: "5-7 October", "from May 3 to 5", "from 27 September to 9 October"."""
    named = m.groupdict()
    second = _month(named.get("month2") or m["month"])
    last = _in_year(second, _day(m["last"]), m["year"], published)
    if last is None:
        return None
    first = _make(last.year, _month(m["month"]), _day(m["day"]))
    if first and first > last:
        if first.month == last.month:
            return None
        first = _make(last.year - 1, first.month, first.day)
    return _at(m, first, last=last)


def _months(m: re.Match[str], published: date | None) -> Stated | None:
    """As in "from May to July 2019"; without a year those before publication."""
    one, two, year = _month(m["month"]), _month(m["month2"]), m["year"]
    if not year and published is None:
        return None
    last_year = int(year) if year else published.year if two <= published.month else published.year - 1  # type: ignore[union-attr]
    first = date(last_year if one <= two else last_year - 1, one, 1)
    return _at(m, first, "month", "stated" if year else "relative", _month_end(date(last_year, two, 1)))


def _years(m: re.Match[str], _: date | None) -> Stated | None:
    last = m["last"] if len(m["last"]) == 4 else m["year"][:2] + m["last"]
    return _at(m, date(int(m["year"]), 1, 1), "year", last=date(int(last), 12, 31)) if last > m["year"] else None


def _third(first: date, part: str | None) -> tuple[date, date]:
    """The days of a month, or of its early, middle or late third."""
    if not part:
        return first, _month_end(first)
    a, b = _THIRDS[part.lower()]
    return first.replace(day=a), min(first.replace(day=1) + timedelta(days=b - 1), _month_end(first))


def _month_of_year(m: re.Match[str], _: date | None) -> Stated | None:
    first, last = _third(date(int(m["year"]), _month(m["month"]), 1), m["part"])
    return _at(m, first, "month", last=last)


def _month_alone(m: re.Match[str], published: date | None) -> Stated | None:
    if published is None:
        return None
    month = _month(m["month"])
    year = published.year if month <= published.month else published.year - 1
    first, last = _third(date(year, month, 1), m["part"])
    ahead = _third(date(year + 1, month, 1), m["part"]) if month < published.month or year < published.year else None
    return _at(m, first, "month", "relative", last, ahead)


def _season(m: re.Match[str], published: date | None) -> Stated | None:
    month = _SEASONS[m["season"].lower()]
    which = (m["which"] or "").lower()
    if m["year"]:
        year = int(m["year"])
    elif published is None:
        return None
    else:
        over = _month_end(date(published.year, month, 1) + relativedelta(months=2)) < published if which != "this" else True
        begun = date(published.year, month, 1) <= published
        year = published.year if (over if which == "last" else begun) or which in {"this", "next"} else published.year - 1
    first = date(year, month, 1)
    return _at(m, first, "month", "stated" if m["year"] else "relative", _month_end(first + relativedelta(months=2)))


def _decade(m: re.Match[str], _: date | None) -> Stated | None:
    year = int(m["year"])
    return _at(m, date(year, 1, 1), "year", last=date(year + 9, 12, 31))


def _of_year(m: re.Match[str], _: date | None) -> Stated | None:
    return _at(m, *_part_of_year(int(m["year"]), m["part"]))


def _part_of_year(year: int, part: str | None) -> tuple[date, str, str, date]:
    one, two = _FOUR_MONTHS[part.lower()] if part else (1, 12)
    return date(year, one, 1), "year", "stated", _month_end(date(year, two, 1))


def _weekday(m: re.Match[str], published: date | None) -> Stated | None:
    if published is None:
        return None
    number = _DAYS.index(m["weekday"].lower())
    back = published - timedelta(days=(published.weekday() - number) % 7)
    ahead = published + timedelta(days=(number - published.weekday() - 1) % 7 + 1)
    which = (m["which"] or "").lower()
    if which in {"next", "coming"}:
        return _at(m, ahead, basis="relative")
    if which in {"last", "past", "previous"} and back == published:
        back -= timedelta(days=7)
    return _at(m, back, basis="relative", forward=(ahead, None))


def _weekdays(m: re.Match[str], published: date | None) -> Stated | None:
    """As in "from Monday to Wednesday", "between Friday and Sunday"."""
    if published is None:
        return None
    one, two = (_DAYS.index(m[name].lower()) for name in ("weekday", "last"))
    last = published - timedelta(days=(published.weekday() - two) % 7)
    ahead = published + timedelta(days=(one - published.weekday() - 1) % 7 + 1)
    length = timedelta(days=(two - one) % 7)
    return _at(m, last - length, basis="relative", last=last, forward=(ahead, ahead + length))


def _weekend(m: re.Match[str], published: date | None) -> Stated | None:
    if published is None:
        return None
    sunday = published - timedelta(days=(published.weekday() + 1) % 7)
    if (m["which"] or "").lower() in {"next", "coming"}:
        sunday += timedelta(days=7)
    elif (m["which"] or "").lower() == "last" and sunday == published:
        sunday -= timedelta(days=7)
    ahead = published + timedelta(days=(6 - published.weekday()) or 7)
    return _at(m, sunday - timedelta(days=1), basis="relative", last=sunday, forward=(ahead - timedelta(days=1), ahead))


def _period(m: re.Match[str], published: date | None) -> Stated | None:
    """As in "last month", "early next year", "earlier this week"."""
    if published is None:
        return None
    unit, which, part = m["unit"].lower(), m["which"].lower(), (m["part"] or "").lower().rstrip("- ")
    sign = {"last": -1, "past": -1, "previous": -1, "this": 0, "next": 1, "coming": 1}[which]
    first = _begin(published + relativedelta(**{f"{unit}s": sign}), unit)  # type: ignore[arg-type]
    last = _end(first, unit)
    if part == "earlier" and sign == 0:
        last = published
    elif part == "later" and sign == 0:
        first = published
    elif part in _THIRDS and unit == "month":
        first, last = _third(first, part)
    elif part in _THIRDS and unit == "year":
        first, _, _, last = _part_of_year(first.year, part)
    return _at(m, first, unit, "relative", last)


def _ago(m: re.Match[str], published: date | None) -> Stated | None:
    if published is None:
        return None
    unit, number = m["unit"].lower(), _count(m["number"])
    if unit == "decade":
        unit, number = "year", 10 * number
    day = _back(published, number, unit)
    return _at(m, day if unit == "week" else _begin(day, unit), unit, "relative")


def _lasting(m: re.Match[str], published: date | None) -> Stated | None:
    """A stretch of time up to publication: "for three days", "two weeks of fighting", "in the past ten days"."""
    if published is None:
        return None
    unit, number = m["unit"].lower(), _count(m["number"])
    if unit == "hour":
        return _at(m, published - timedelta(days=number // 24), basis="relative", last=published)
    if unit == "decade":
        unit, number = "year", 10 * number
    return _at(m, _back(published, number, unit), unit, "relative", published)


def _near(m: re.Match[str], published: date | None) -> Stated | None:
    words = " ".join(m[0].lower().split())
    return _at(m, published + timedelta(days=_NEAR.get(words, 0)), basis="relative") if published else None


def _attacks(m: re.Match[str], _: date | None) -> Stated | None:
    return _at(m, date(2001, 9, 11))


def _form(
    pattern: str, read: Callable[[re.Match[str], date | None], Stated | None], *, any_case: bool = True
) -> tuple[re.Pattern[str], Callable[[re.Match[str], date | None], Stated | None]]:
    return re.compile(pattern, re.IGNORECASE if any_case else 0), read


_WEEKDAY = "|".join(_DAYS)
_OF_YEAR = rf"(?:,? (?:of )?(?P<year>{_Y})\b)?"
_FORMS = (
    _form(rf"\b{_Y}-\d\d-\d\d\b", _iso),
    _form(r"\b9/11\b", _attacks),
    _form(rf"\b(?P<day>{_D}) (?:of )?(?P<month>{_MONTH}){_TO}(?P<last>{_D}) (?:of )?(?P<month2>{_MONTH})\b{_OF_YEAR}", _days, any_case=False),
    _form(rf"\b(?P<month>{_MONTH}) (?P<day>{_D}){_TO}(?P<month2>{_MONTH}) (?P<last>{_D})\b{_OF_YEAR}", _days, any_case=False),
    _form(rf"\b(?P<day>{_D}){_TO}(?P<last>{_D}) (?:of )?(?P<month>{_MONTH})(?!\w){_OF_YEAR}", _days, any_case=False),
    _form(rf"\b(?P<month>{_MONTH}) (?P<day>{_D}){_TO}(?P<last>{_D})\b{_OF_YEAR}", _days, any_case=False),
    _form(rf"\b(?P<month>{_MONTH}) (?P<day>{_D})\b(?! (?:[Mm]ovement|[Cc]oalition|[Aa]lliance|[Pp]arty)){_OF_YEAR}", _full, any_case=False),
    _form(rf"\b(?P<day>{_D}) (?:of )?(?P<month>{_MONTH})(?!\w){_OF_YEAR}", _full, any_case=False),
    _form(rf"\b(?:[Ff]rom |[Bb]etween )(?P<month>{_MONTH}){_TO}(?P<month2>{_MONTH})(?!\w){_OF_YEAR}", _months, any_case=False),
    _form(rf"\b(?:{_PART}[- ])?(?P<month>{_MONTH}),? (?:of )?(?P<year>{_Y})\b", _month_of_year, any_case=False),
    _form(rf"\b(?:(?:in|during|over|since|by) )?(?:the )?(?:(?P<which>last|this|next) )?(?P<season>spring|summer|autumn|fall|winter)(?: of |,? )(?P<year>{_Y})\b", _season),
    _form(r"\b(?P<which>last|this) (?P<season>spring|summer|autumn|winter)\b(?P<year>)", _season),
    _form(r"\bin (?:the )?(?P<which>)(?P<season>spring|summer|autumn|winter)\b(?P<year>)(?! \w*(?:offensive|palace|games|olympics))", _season),
    _form(r"\b(?P<year>(?:1[89]|20)\d0)s\b", _decade),
    _form(rf"\b(?:from |between )?(?P<year>{_Y}){_TO}(?P<last>{_Y})\b", _years),
    _form(rf"\b(?P<year>{_Y})[-–](?P<last>\d\d)\b(?!-)", _years),
    _form(rf"\b(?:from |between )(?P<weekday>{_WEEKDAY})(?: to | until | till | through | and )(?P<last>{_WEEKDAY})\b", _weekdays),
    _form(rf"\b(?:(?P<which>next|last|this|past|coming|previous) )?(?P<weekday>{_WEEKDAY})s?\b(?! (?:Mosque|Prayer|Prayers|Agreement|Accord|Times|Herald|massacre))", _weekday),
    _form(r"\b(?:(?P<which>last|this|next|past|coming) )?weekend\b", _weekend),
    _form(r"\b(?:(?:in )?(?:the )?(?P<part>earlier|later|early|late|mid|middle of)[- ])?(?P<which>last|past|this|next|coming|previous) (?P<unit>week|month|year)\b(?!['’-]s? (?:old|long))(?! of)", _period),
    _form(rf"\b(?P<number>{_NUMBER}) (?P<unit>day|week|month|year|decade)s? (?:ago|earlier|back)\b", _ago),
    _form(rf"\b(?:in|over|during|for|within|throughout) (?:the )?(?:past|last) (?P<number>{_NUMBER}) (?P<unit>hour|day|week|month|year|decade)s?\b", _lasting),
    _form(rf"\b(?:for|after) (?:the (?:past|last) )?(?:more than |over |nearly |almost |about )?(?P<number>{_NUMBER})(?: straight| consecutive)? (?P<unit>day|week|month|year|decade)s?\b(?! (?:ago|old|in prison|later|after))", _lasting),
    _form(rf"\b(?P<number>{_NUMBER}) (?P<unit>day|week|month|year)s? of \w+", _lasting),
    _form(rf"\b(?:[Ii]n |[Ss]ince |[Bb]y |[Dd]uring |[Ll]ast |[Tt]his |(?=[Ee]arly|[Mm]id|[Ll]ate))(?:the )?(?:{_PART}[- ])?(?P<month>{_MONTH})(?!\w)(?! \d|, \d)", _month_alone, any_case=False),
    _form(r"\b(?:the day before yesterday|the day after tomorrow|last night|(?<!USA )today|tonight|overnight|yesterday|tomorrow)\b", _near),
    _form(r"\b(?:this (?:morning|afternoon|evening)|earlier in the day|later in the day|early in the morning|in the early hours|hours (?:ago|earlier)|(?:in|within) the (?:last|past) (?:few )?hours)\b", _near),
    _form(rf"\b(?:in |of |during |since |by |(?=(?:[Ee]arly|[Mm]id|[Ll]ate)[- ]))(?:the )?(?:{_PART}[- ])?(?P<year>{_Y})\b(?! (?:people|troops|soldiers|men|women|others|homes|houses|police|civilians|protesters|villagers|workers|families|fighters|officers|students|refugees|voters|members))", _of_year),
)  # fmt: skip


def _since(text: str, hit: Stated, published: date | None) -> Stated:
    """What "since" and "starting" make of the date behind them."""
    before = text[: hit.start].rstrip().lower()
    word = re.search(r"(since|starting|beginning|effective|as of|from)(?: late| early)?(?: on)?$", before)
    inside = re.match(r"since\b", text[hit.start :].lower())
    if (word and word[1] == "since") or inside:
        return replace(hit, last=published if published and published > hit.day else None, forward=None)
    if word and (word[1] != "from" or re.match(r" (?:on|onward|onwards)\b", text[hit.end :].lower())):
        first = hit.forward[0] if hit.forward else hit.day
        return replace(hit, day=first, last=None, forward=None) if hit.basis == "relative" else replace(hit, last=None, forward=None)
    return hit


def stated(text: str, published: date | None) -> list[Stated]:
    """The dates in a text, in its order; where two overlap the fuller form counts.

    >>> [(s.day.isoformat(), s.basis) for s in stated("On Thursday, and on Sept. 27, they met.", date(2020, 10, 9))]
    [('2020-10-08', 'relative'), ('2020-09-27', 'stated')]
    >>> [(s.day.isoformat(), s.last.isoformat(), s.precision) for s in stated("Late last month they met.", date(2020, 10, 9))]
    [('2020-09-21', '2020-09-30', 'month')]
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
                found.append(_since(text, hit, published))
    return _without_doubles(text, sorted(found, key=lambda s: s.start))


def _without_doubles(text: str, found: list[Stated]) -> list[Stated]:
    """Dates without the weekday of "Wednesday, January 23"."""
    pairs = zip_longest(found, found[1:])
    return [
        hit
        for hit, after in pairs
        if not (after and after.basis == "stated" and hit.basis == "relative" and _TOUCHING.fullmatch(text[hit.end : after.start]))
    ]
