"""Dates that are not written year-month-day: read where only one reading is possible, else explained."""

from __future__ import annotations

import re
from datetime import date, timedelta

from eventcode.contribute.notes import Verdict

_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)}
_FULL = "january february march april may june july august september october november december sept".split()
_NAME = f"(?P<month>{'|'.join([*_FULL, *_MONTHS])})\\.?"
_ISO = re.compile(r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})", re.ASCII)
_TIMED = re.compile(r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})[T ]\d{1,2}:\d{2}.*", re.ASCII)
_COMPACT = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:\.0+)?", re.ASCII)
_YEAR_FIRST = re.compile(r"(?P<y>\d{4})[-/. ](?P<m>\d{1,2})[-/. ](?P<d>\d{1,2})\.?", re.ASCII)
_YEAR_LAST = re.compile(r"(?P<a>\d{1,2})[-/. ](?P<b>\d{1,2})[-/. ](?P<y>\d{4})\.?", re.ASCII)
_SHORT_YEAR = re.compile(rf"\d{{1,2}}[-/. ](?:\d{{1,2}}|{_NAME})[-/. ]'?\d{{2}}", re.IGNORECASE)
_SERIAL = re.compile(r"(?P<n>\d{5})(?:\.\d+)?", re.ASCII)
_DAY_NAME = re.compile(rf"(?:\w+day,?\s+)?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s./-]+(?:of\s+)?{_NAME}[\s,./-]+(?P<y>\d{{4}})", re.IGNORECASE)
_NAME_DAY = re.compile(rf"(?:\w+day,?\s+)?{_NAME}\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}})", re.IGNORECASE)
_MONTH = re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})|(?P<m2>\d{1,2})[-/.](?P<y2>\d{4})|(?P<y3>\d{4})(?:\.0+)?")
_NAMED_MONTH = re.compile(rf"{_NAME}\s+(?P<y>\d{{4}})", re.IGNORECASE)
_FORM = "year-month-day, such as 2020-10-09"
_SERIALS = range(18264, 73415)
"""Serial numbers of the days from 1950 to 2100."""


def _day(year: str, month: str | int, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _read(code: str, day: date | None) -> Verdict:
    """The verdict on a date of which all parts are clear."""
    if day is None:
        return Verdict("EC301", "a day of the calendar", "look the date up in the article")
    return Verdict(code, _FORM, f"write {day.isoformat()}", day.isoformat())


def _year_last(first: str, second: str, year: str) -> Verdict:
    """Day and month in numbers before the year: clear where one of them is above 12, or both are the same."""
    readings = {day for day in (_day(year, second, first), _day(year, first, second)) if day}
    if len(readings) == 2:
        one, other = sorted(readings)
        return Verdict("EC311", _FORM, f"write {one.isoformat()} or {other.isoformat()}: which of them it was cannot be told")
    return _read("EC312", readings.pop() if readings else None)


def _only_month(found: str) -> Verdict | None:
    month = _MONTH.fullmatch(found)
    named = _NAMED_MONTH.fullmatch(found)
    if not month and not named:
        return None
    year, number = (named["y"], str(_MONTHS[named["month"][:3].casefold()])) if named else ("", "")
    if month:
        year, number = month["y"] or month["y2"] or month["y3"], month["m"] or month["m2"] or ""
    first = _day(year, number or 1, "1")
    if first is None:
        return Verdict("EC301", "a month of the calendar", "look the date up in the article")
    precision = "month" if number else "year"
    return Verdict(
        "EC313", _FORM, f"write {first.isoformat()} as its first day, the last day in date_end, and {precision} in date_precision"
    )


def judge(found: str) -> Verdict:
    """Why a text is no date.

    >>> judge("25/12/2020").becomes, judge("9 October 2020").becomes, judge("20201009").becomes
    ('2020-12-25', '2020-10-09', '2020-10-09')
    >>> judge("09/10/2020").code, judge("2020-02-30").code, judge("44113").fix
    ('EC311', 'EC301', 'write 2020-10-09 if it is a number of days of a spreadsheet')
    """
    if iso := _ISO.fullmatch(found):
        return _read("EC302", _day(iso["y"], iso["m"], iso["d"]))
    if timed := _TIMED.fullmatch(found):
        day = _day(timed["y"], timed["m"], timed["d"])
        return Verdict("EC309", _FORM, f"write {day} if that is the day at the place where it happened") if day else _read("EC301", None)
    for pattern, code in ((_COMPACT, "EC307"), (_YEAR_FIRST, "EC312")):
        if match := pattern.fullmatch(found):
            return _read(code, _day(match["y"], match["m"], match["d"]))
    if last := _YEAR_LAST.fullmatch(found):
        return _year_last(last["a"], last["b"], last["y"])
    for pattern in (_DAY_NAME, _NAME_DAY):
        if match := pattern.fullmatch(found):
            return _read("EC314", _day(match["y"], _MONTHS[match["month"][:3].casefold()], match["d"]))
    if (serial := _SERIAL.fullmatch(found)) and int(serial["n"]) in _SERIALS:
        day = date(1899, 12, 30) + timedelta(days=int(serial["n"]))
        return Verdict("EC308", _FORM, f"write {day.isoformat()} if it is a number of days of a spreadsheet")
    if _SHORT_YEAR.fullmatch(found):
        return Verdict("EC310", _FORM, "write the year with four digits")
    return _only_month(found) or Verdict("EC302", _FORM, "write the date as year-month-day")
