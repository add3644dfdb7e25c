"""The places that texts name: towns, provinces, districts, regions, seas, and the countries themselves."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from eventcode import resources

LONGEST = 5
"""Most words of a place's name."""
_WORD = re.compile(r"[^\W_]+")
_ARTICLES = {"al", "ar", "as", "ad", "an", "at", "az", "ash", "el", "the"}
_WORLD = 1_000_000
_FAR_LARGER = 10
_LARGER = 3
_SPOT = 50.0
_KNOWN = 50_000
"""Inhabitants of a town that is meant by its name alone, in a text that does not speak of its country: Morsi in India is not."""
_TOWN, COUNTRY = 1, 6


@dataclass(frozen=True, slots=True)
class Place:
    """A place.

    Attributes:
        name: Its English name.
        country: Country that it lies in; None for a sea, and for what lies in several.
        latitude: Degrees north; None where it is no point.
        longitude: Degrees east.
        precision: 1 a town or site, 3 a district, 4 a province, 5 a region that is no unit, 6 a country, 7 a sea, or more than one country.
        population: Inhabitants; 0 where not known.
    """

    name: str
    country: str | None
    latitude: float | None
    longitude: float | None
    precision: int
    population: int = 0


def key(name: str) -> str:
    """What names are compared by: their words in small English letters, without the Arabic article.

    >>> key("Deir ez-Zor"), key("Ar Raqqah"), key("al-Bab"), key("Nagorno-Karabakh")
    ('deir ez zor', 'raqqah', 'bab', 'nagorno karabakh')
    """
    letters = "".join(c for c in unicodedata.normalize("NFKD", name.casefold().replace("ı", "i")) if not unicodedata.combining(c))
    words = _WORD.findall(letters.replace("'", "").replace("’", ""))
    return " ".join(words[1:] if len(words) > 1 and words[0] in _ARTICLES else words)


def _number(text: str) -> float | None:
    return float(text) if text else None


def _read(table: str, precision: int) -> Iterable[tuple[str, Place]]:
    for row in resources.rows(f"places/{table}"):
        found = Place(
            row["name"],
            row["country"] or None,
            _number(row["latitude"]),
            _number(row["longitude"]),
            int(row.get("precision") or precision),
            int(row.get("population") or 0),
        )
        for name in (row["name"], *filter(None, row["aliases"].split("|"))):
            yield key(name), found


@cache
def places() -> Mapping[str, tuple[Place, ...]]:
    """All places but the countries, by the key of each of their names; our own lists before the towns of GeoNames."""
    made: dict[str, list[Place]] = {}
    for name, place in (*_read("regions", 4), *_read("cities", _TOWN)):
        known = made.setdefault(name, [])
        if not any(_is_same(place, other) for other in known):
            known.append(place)
    return {name: tuple(found) for name, found in made.items()}


def _is_same(one: Place, other: Place) -> bool:
    """True where two rows are one place: a town of our lists that GeoNames has too."""
    return one.precision == other.precision and (
        _is_close(one, other) or (one.latitude is None and one.name == other.name and one.country == other.country)
    )


@cache
def country_place(code: str) -> Place:
    """A country as a place."""
    row = next(row for row in resources.rows("countries") if row["code"] == code)
    return Place(row["name"], code, None, None, COUNTRY)


@cache
def _capitals() -> Mapping[str, str]:
    """Key of a capital's name, by country."""
    return {row["code"]: key(row["capital"].lstrip("~")) for row in resources.rows("countries") if row["capital"]}


def capital(country: str) -> Place | None:
    """The capital of a country."""
    found = [p for p in places().get(_capitals().get(country, ""), ()) if p.country == country and p.precision == _TOWN]
    return max(found, key=lambda p: p.population, default=None)


def _weight(place: Place) -> int:
    return max(
        place.population, 3_000_000 if place.country and capital(place.country) == place else 0, 200_000 if place.precision > _TOWN else 0
    )


def choose(found: Iterable[Place], *, called: str = "", near: Iterable[str] = (), about: Sequence[Iterable[str]] = ()) -> Place | None:
    """Which of several places with one name a text means.

    That in a country named beside it; else one in the countries of which the text speaks, unless one elsewhere is of world renown and far larger; else the largest, if none comes near it. Where
    several of one country remain it is the country.

    Args:
        found: The places.
        called: The name as the text has it: places that bear it as their first name come before those that also have it.
        near: Countries that the text names right beside the name.
        about: Countries of which the sentence speaks, then those of which the article does.

    Returns:
        The place; None where nothing tells which.
    """

    def weight(place: Place) -> float:
        return _weight(place) * (1.0 if not called or key(place.name) == key(called) else 0.02)

    options = sorted(found, key=weight, reverse=True)
    if kept := [p for p in options if p.country in set(near)]:
        return _largest(kept, weight)
    kept = next((hits for spoken in about if (hits := [p for p in options if p.country in set(spoken)])), [])
    if kept and not (
        options[0].population >= _WORLD and options[0].population >= _FAR_LARGER * kept[0].population and kept[0].precision == _TOWN
    ):
        return _largest(kept, weight)
    return _largest([p for p in options if p.precision != _TOWN or p.population >= _KNOWN], weight)


def _largest(options: list[Place], weight: Callable[[Place], float]) -> Place | None:
    """The largest, if it is far larger than the others that are not in the same spot; else their country, if that is one."""
    if not options:
        return None
    first = options[0]
    rest = [p for p in options[1:] if weight(p) * _FAR_LARGER > weight(first) and not _is_close(first, p)]
    if not rest or (weight(first) >= _LARGER * max(weight(p) for p in rest) and {p.country for p in rest} == {first.country}):
        return first
    return country_place(first.country) if first.country and {p.country for p in rest} == {first.country} else None


def _is_close(one: Place, other: Place) -> bool:
    return one.country == other.country and distance(one, other) < _SPOT


def distance(one: Place, other: Place) -> float:
    """Kilometres between two places, roughly; infinite where one of them is no point."""
    if one.latitude is None or other.latitude is None or one.longitude is None or other.longitude is None:
        return math.inf
    east = math.cos(math.radians((one.latitude + other.latitude) / 2)) * (one.longitude - other.longitude)
    return 111.0 * math.hypot(one.latitude - other.latitude, east)
