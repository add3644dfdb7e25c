"""How far the list of persons agrees with REIGN, a data set of the leaders of all countries.

    python benchmarks/reign.py

Prints the share of REIGN's periods of rule between 1990 and March 2021 that `schema/actors/persons.csv` holds, as rows with a government
code of that country that start and end within 31 days of them, and then every other period with the reason that
`benchmarks/reign_differences.csv` gives. Exits with 1 where a reason is missing or the share is below 0.98.
"""

import calendar
import csv
import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REIGN = ROOT.parent / "shared" / "reference" / "reign_leaders_2021.csv"
FIRST, LAST = date(1990, 1, 1), date(2021, 3, 31)
NEAR = timedelta(31)
SHARE = 0.98
LETTERS = str.maketrans({"ı": "i", "ə": "a", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "ß": "ss"})
# Words of names that do not tell persons apart.
PARTICLES = {"acting", "and", "bin", "ibn", "dos", "the", "time", "ould", "van", "von", "jr", "lyonpo", "mohamed", "muhammad", "abdul", "prasad",
             "bahadur", "dit", "el", "al", "de", "da", "do", "di", "la", "king", "prince", "sheikh"}  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """A period of rule in REIGN.

    Attributes:
        ccode: The country's number of the Correlates of War project.
        leader: The name, often the surname alone.
        start: First day.
        end: First and last day of the month in which the rule ended; None where it goes on.
    """

    ccode: str
    leader: str
    start: date
    end: tuple[date, date] | None


@dataclass(frozen=True)
class Role:
    """A row of the list of persons: code, all names, first and last day."""

    code: str
    names: tuple[str, ...]
    start: date
    end: date


def words(name: str) -> set[str]:
    """The words of a name without accents and points, and each two neighbours as one ("de Klerk", "deKlerk")."""
    plain = unicodedata.normalize("NFD", name.lower().translate(LETTERS))
    parts = [re.sub(r"[^a-z]", "", "".join(c for c in part if not unicodedata.combining(c))) for part in re.split(r"[\s.,&()-]+", plain)]
    parts = [part for part in parts if part]
    return {*parts, *(a + b for a, b in pairwise(parts))}


def same(leader: str, names: tuple[str, ...]) -> bool:
    """True where a word of the name that tells persons apart is spelt the same or nearly the same."""
    theirs = {word for word in words(leader) if len(word) > 1}
    theirs = theirs - PARTICLES or theirs
    ours = {word for name in names for word in words(name)}
    return bool(theirs & ours) or any(min(len(a), len(b)) >= 5 and SequenceMatcher(None, a, b).ratio() >= 0.8 for a in theirs for b in ours)


def _text(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")


def rules() -> Iterator[Rule]:
    """REIGN's periods of rule that overlap the years compared."""
    for row in csv.DictReader(_text(line) for line in REIGN.read_bytes().splitlines()):
        start = date(int(row["syear"]), int(row["smonth"]), int(row["sdate"] or 1))
        end = None
        if row["eyear"]:
            year, month = int(row["eyear"]), int(row["emonth"])
            end = date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
        if start <= LAST and (end is None or end[1] >= FIRST):
            yield Rule(row["ccode"], row["leader"].strip(), start, end)


def countries() -> dict[str, set[str]]:
    """Actor codes by country number, those of former states included."""
    with (ROOT / "schema" / "countries.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found: dict[str, set[str]] = {}
    for row in rows:
        if row["cow"]:
            found.setdefault(row["cow"], set()).add(row["code"])
    numbers = set(found)
    for row in rows:  # West Germany and North Yemen have a number of their own
        if row["gw"] and row["gw"] not in numbers:
            found.setdefault(row["gw"], set()).add(row["code"])
    return found


def roles() -> dict[str, dict[str, list[Role]]]:
    """The rows with a government code, by country code and name, in the order of time."""
    found: dict[str, dict[str, list[Role]]] = {}
    with (ROOT / "schema" / "actors" / "persons.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if "GOV" in re.findall("...", row["code"])[1:]:
                names = (row["name"], *(alias for alias in row["aliases"].split("|") if alias))
                start, end = date.fromisoformat(row["valid_from"] or "0001-01-01"), date.fromisoformat(row["valid_to"] or "9999-12-31")
                found.setdefault(row["code"][:3], {}).setdefault(row["name"], []).append(Role(row["code"], names, start, end))
    return found


def agrees(rule: Rule, held: list[Role]) -> bool:
    """True where one row, or rows that follow each other without a gap, start and end with the rule."""
    for first, role in enumerate(held):
        if abs(role.start - rule.start) > NEAR:
            continue
        previous = role
        for following in [role, *held[first + 1 :]]:
            if following is not role and following.start - previous.end > timedelta(1):
                break
            if following.end > LAST if rule.end is None else rule.end[0] - NEAR <= following.end <= rule.end[1] + NEAR:
                return True
            previous = following
    return False


def compare() -> tuple[int, list[Rule]]:
    """Number of periods compared, and those that the list of persons does not hold so."""
    codes, held = countries(), roles()
    compared, missing = 0, []
    for rule in rules():
        compared += 1
        persons: dict[str, list[Role]] = {}
        for code in sorted(codes.get(rule.ccode, ())):
            for name, rows in held.get(code, {}).items():
                persons.setdefault(name, []).extend(rows)
        if not any(
            same(rule.leader, tuple(name for role in rows for name in role.names)) and agrees(rule, sorted(rows, key=lambda r: r.start))
            for rows in persons.values()
        ):
            missing.append(rule)
    return compared, missing


def main() -> int:
    """Prints the share and the differences with their reasons.

    Returns:
        The exit status: 1 where a difference has no reason or the share is too low.
    """
    if not REIGN.is_file():
        print(f"nothing compared: {REIGN} is absent")
        return 0
    with Path(__file__).with_name("reign_differences.csv").open(encoding="utf-8", newline="") as file:
        reasons = {(row["ccode"], row["leader"], row["start"]): row["reason"] for row in csv.DictReader(file)}
    compared, missing = compare()
    share = 1 - len(missing) / compared
    print(f"leaders of REIGN, 1990 to March 2021: {share:.4f} of {compared} are in the list of persons with their dates")
    unexplained = 0
    for rule in missing:
        reason = reasons.pop((rule.ccode, rule.leader, rule.start.isoformat()), "")
        unexplained += not reason
        end = f"{rule.end[1]:%Y-%m}" if rule.end else ""
        print(f"  {rule.ccode} {rule.leader} {rule.start}..{end}: {reason or 'NO REASON'}")
    for ccode, leader, start in reasons:
        print(f"  {ccode} {leader} {start}: a reason is given, but there is no difference")
    return 1 if unexplained or share < SHARE else 0


if __name__ == "__main__":
    sys.exit(main())
