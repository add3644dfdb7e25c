"""Of which country "the police" or "lawmakers" are whose country the words do not say: of those that the article names, the likeliest, where it is likely enough.

How much each circumstance counts was learned from news items written for it, in which every actor has its country (`training/homes.py`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from eventcode.coder.ranking import chances, weights

SURE, SURE_ARMED = 0.5, 0.7
"""Probability from which a country is taken for the one meant, and for armed groups, who often fight in another; below it nothing is guessed."""
_MOST = 6
"""Countries of an article that are looked at, those named most."""
_APART = {"abroad", "family"}
AMERICAN = frozenset(
    "senator representative congressman congresswoman republican democrat democratic sheriff county homeland federal marine treasury".split()
)
"""Words in the names of offices and bodies that are seldom another country's than the United States'."""
_GROUPS = {
    **dict.fromkeys(("GOV", "LEG", "JUD", "PTY", "OPP", "ELI", "SPY"), "state"),
    **dict.fromkeys(("MIL", "COP"), "force"),
    **dict.fromkeys(("REB", "INS", "UAF", "SEP", "CRM", "RAD"), "armed"),
}


@dataclass(slots=True)
class Named:
    """The countries that an article names.

    Attributes:
        at: Each naming in order: its sentence, the number of its word in the article, the country, and where it stands: "subject", "in" ...
        others: Of each country the sentences in which it is named by itself, not only as that of somebody else ("French hostages").
        counts: How often each is named.
    """

    at: list[tuple[int, int, str, str]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    others: dict[str, set[int]] = field(default_factory=dict)

    def add(self, sentence: int, place: int, country: str, stands: str, *, of_another: bool) -> None:
        """Note a naming."""
        self.at.append((sentence, place, country, stands))
        self.counts[country] += 1
        self.others.setdefault(country, set()).add(0 if of_another else sentence)

    def may_be(self, country: str, who: Somebody) -> bool:
        """False for armed groups of a country that is named only as that of others: rebels who attack Russian troops need not be Russian."""
        return _GROUPS.get(who.role) != "armed" or self.others[country] != {0}


@dataclass(frozen=True, slots=True)
class Somebody:
    """An actor whose country is asked for.

    Attributes:
        role: The first three letters of its code.
        sentence: Number of its sentence.
        place: Number of its word in the article.
        marks: What is known of the words themselves.
        scene: The country in which its clause happens, where that says so.
    """

    role: str
    sentence: int
    place: int
    marks: tuple[str, ...]
    scene: str | None


def features(named: Named, who: Somebody) -> tuple[list[str], list[list[str]]]:
    """The countries that may be meant, and what is known of each, and last of none."""
    countries = [country for country, _ in named.counts.most_common(_MOST) if named.may_be(country, who)]
    group = _GROUPS.get(who.role, "people")
    total = named.counts.total()
    beside = [(p < who.place, c, stands) for s, p, c, stands in named.at if s == who.sentence]
    here = {c for _, c, _ in beside}
    before = {c for s, _, c, _ in named.at if s == who.sentence - 1}
    lead = {c for s, _, c, _ in named.at if s == 1}
    last = next((c for _, p, c, _ in reversed(named.at) if p < who.place), None)
    made = []
    for country in countries:
        share = round(4 * named.counts[country] / total)
        where = "alone here" if here == {country} else "here" if country in here else "none here" if not here else "other here"
        row = [
            f"share {share}",
            f"share {share} of {min(len(countries), 3)}",
            f"times {min(named.counts[country], 4)}",
            f"first {country == named.at[0][2]}",
            f"lead {country in lead} of {min(len(lead), 2)}",
            where,
            f"last {country == last}",
            f"before {country in before} of {min(len(before), 2)}",
            f"scene {who.scene == country if who.scene else 'unknown'}",
            f"most {country == countries[0]} {where}",
            *(f"stands {stands} {'before' if is_before else 'behind'}" for is_before, c, stands in beside if c == country),
            f"{who.role} {where}",
            f"{who.role} share {share}",
            *([f"American {country == 'USA'}"] if "American" in who.marks else []),
            *(f"was {stands}" for stands in sorted({stands for s, _, c, stands in named.at if c == country and s == who.sentence - 1})),
        ]
        made.append([*row, *(f"{group} {name}" for name in row), *(f"{mark} {where}" for mark in who.marks if mark in _APART)])
    none = [
        f"none {group}",
        f"none {who.role}",
        f"none of {min(len(countries), 3)}",
        f"none here {min(len(here), 2)}",
        f"none {group} {min(len(here), 2)}",
    ]
    made.append([*none, *(f"none {mark}" for mark in who.marks)])
    return countries, made


def home(named: Named, who: Somebody) -> str | None:
    """The country of an actor, where it is likely enough."""
    countries, rows = features(named, who)
    if not countries:
        return None
    likely = chances(rows, weights("homes"))
    best = max(range(len(countries)), key=lambda n: likely[n])
    return countries[best] if likely[best] >= (SURE_ARMED if _GROUPS.get(who.role) == "armed" else SURE) else None
