"""Actor and agent dictionaries in PETRARCH's notation, read as lists of ours.

MUAMMAR_GADDAFI_            # a name; the codes follow on this line or on lines that begin with a tab
+MUAMMAR_AL-QADDAFI_        # another way to write it
    [LBYGOV 690901-111020]
    [LBYELI <690901]

!PERSON! = MAN, MEN, WOMAN  # words to be put in
POLICE!PERSON! [~COP]       # an agent noun
THIEF {THIEVES} [~CRM]      # with its plural; {} where it has none
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from eventcode.coder.actor_rows import ActorFile, Agent, Fault, Row
from eventcode.model import grammar

_MARKUP = re.compile(r"<\s*!\s*--.*?-->", re.DOTALL)
_CODE = re.compile(r"\[([^\]]*)\]")
_DATES = re.compile(r"(?P<code>\S+?)\s*(?:(?P<side>[<>])\s*(?P<one>\d+)|\s(?P<first>\d+)\s*-\s*(?P<last>\d+))?")
_SET = re.compile(r"!\w+!")
_PIVOT = 30
"""Two-digit years below this are of the 2000s."""
_DAY = timedelta(days=1)


def is_petrarch(text: str) -> bool:
    """True for the text of a PETRARCH dictionary: codes in square brackets and no header of ours.

    >>> is_petrarch("ARMENIA_ [ARM]"), is_petrarch("code,name,aliases,valid_from,valid_to")
    (True, False)
    """
    return not re.match(r'\s*"?\w+"?\s*,', text) and _CODE.search(text) is not None


def _day(text: str) -> date:
    """A day from YYMMDD or YYYYMMDD.

    Raises:
        ValueError: It is no day.
    """
    if len(text) == 6:
        text = f"{'20' if int(text[:2]) < _PIVOT else '19'}{text}"
    if len(text) != 8:
        raise ValueError(text)
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


def _period(text: str) -> tuple[str, date | None, date | None]:
    """Code, first and last day of what stands in brackets.

    Raises:
        ValueError: It is not in the notation.
    """
    hit = _DATES.fullmatch(text.strip())
    if hit is None:
        raise ValueError(text)
    if hit["side"] == "<":
        return hit["code"], None, _day(hit["one"]) - _DAY
    if hit["side"] == ">":
        return hit["code"], _day(hit["one"]) + _DAY, None
    return hit["code"], _day(hit["first"]) if hit["first"] else None, _day(hit["last"]) if hit["last"] else None


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Numbered lines without comments."""
    for number, line in enumerate(_MARKUP.sub(lambda m: "\n" * m.group().count("\n"), text).splitlines(), start=1):
        bare = re.split(r"[#;]", line, maxsplit=1)[0].rstrip()
        if bare.strip():
            yield number, bare


def _words(text: str) -> str:
    return " ".join(text.replace("_", " ").split())


def _kind(code: str, *, dated: bool) -> str:
    """PETRARCH does not say what a name is: a bare country is one, who has an office for some years is a person."""
    if len(code) == 3 and grammar.country(code):
        return "country"
    return "persons" if dated and grammar.country(code) else "organizations"


class _Reader:
    """A dictionary on its way in."""

    def __init__(self, file: str) -> None:
        self.out = ActorFile(file, first_counts=True)
        self.unknown: Counter[str] = Counter()
        self.sets: dict[str, list[str]] = {}
        self.names: list[tuple[int, str]] = []
        self.codes: list[tuple[int, str, date | None, date | None]] = []

    def fault(self, line: int, found: str, expected: str) -> None:
        self.out.faults.append(Fault(self.out.file, line, found, expected))

    def line(self, number: int, text: str) -> None:
        """Take in one line."""
        if text.startswith("!") and "=" in text:
            name, _, members = text.partition("=")
            self.sets[name.strip()] = [word.strip() for word in members.split(",") if word.strip()]
            return
        if "~" in text and "[" in text:
            self.agent(number, text)
            return
        bracketed = _CODE.findall(text)
        name = _words(text.split("[", 1)[0].lstrip("+"))
        if "[" in text and not bracketed:
            self.fault(number, f"{text.strip()!r}", "a code in closed brackets, as in [AZEGOV]")
        if text[:1].isspace() or not name:
            self.code(number, bracketed)
            return
        if not text.startswith("+"):
            self.flush()
        self.names.append((number, name))
        self.code(number, bracketed)

    def code(self, number: int, bracketed: list[str]) -> None:
        """Note the codes of the names that are being read."""
        for text in bracketed:
            try:
                code, first, last = _period(text)
            except ValueError:
                self.fault(number, f"[{text}]", "[CODE], [CODE <YYMMDD], [CODE >YYMMDD] or [CODE YYMMDD-YYMMDD]")
                continue
            if first and last and first > last:
                self.fault(number, f"[{text}]: the term ends before it begins", "the earlier day first")
            elif grammar.is_actor(code):
                self.codes.append((number, code, first, last))
            else:
                self.unknown[code] += 1

    def flush(self) -> None:
        """Give out the names read last with all their codes, the dated ones first: one without dates is for all other days."""
        dated = any(first or last for _, _, first, last in self.codes)
        for number, code, first, last in sorted(self.codes, key=lambda c: c[2] is None and c[3] is None):
            kind = _kind(code, dated=dated)
            for _, name in self.names:
                self.out.rows.append(Row(name, code, kind, first, last, self.out.file, number, ambiguous=True, any_case=True))
        self.names, self.codes = [], []

    def agent(self, number: int, text: str) -> None:
        """Take in an agent noun with its plurals."""
        code = (_CODE.findall(text) or [""])[0].strip()
        role = code.strip("~")
        if not code:
            self.fault(number, f"{text.strip()!r}", "a role in closed brackets, as in [~GOV]")
            return
        if not grammar.is_actor(role if role[:3] in grammar.international() else f"USA{role}"):
            self.unknown[code] += 1
            return
        noun, _, braces = text.split("[", 1)[0].partition("{")
        plurals = braces.split("}")[0].split(",")
        for form in (noun, *plurals):
            for each in self.expanded(form):
                written = _words(each).lower()
                if written:
                    self.out.agents.append(Agent(written, role, "person", self.out.file, number))

    def expanded(self, text: str) -> list[str]:
        """A noun with the members of a set in its place."""
        hit = _SET.search(text)
        if hit is None:
            return [text]
        return [each for word in self.sets.get(hit.group(), []) for each in self.expanded(text.replace(hit.group(), word, 1))]


def read(text: str, file: str) -> ActorFile:
    """The names or agent nouns of a PETRARCH dictionary.

    Args:
        text: What the file holds.
        file: Its name, for faults.

    Returns:
        What was read. Codes that our grammar does not know are left out; `warnings` says how many and which.
    """
    reader = _Reader(file)
    for number, line in _lines(text):
        reader.line(number, line)
    reader.flush()
    if reader.unknown:
        most = ", ".join(f"{code} ({count})" for code, count in sorted(reader.unknown.items(), key=lambda c: (-c[1], c[0]))[:10])
        more = f" and {len(reader.unknown) - 10} more" if len(reader.unknown) > 10 else ""
        reader.out.warnings.append(
            f"{file}: {reader.unknown.total()} entries left out, their {len(reader.unknown)} codes are none of ours: {most}{more}"
        )
    return reader.out
