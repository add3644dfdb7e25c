"""Codes that are in no codelist: what was most likely meant."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from itertools import permutations

from eventcode.codebook import actors
from eventcode.codebook.actions import actions
from eventcode.contribute.notes import Verdict
from eventcode.model import grammar
from eventcode.resources import codes, rows

_SEPARATORS = re.compile(r"[\s./:_-]+")
_BETWEEN = re.compile(r"[\s.,;:/|+&_-]+(?:(?:and|or)[\s]+)?", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_WORDS_AFTER = re.compile(r"([A-Z]{3,24}|[0-9]{2,4})[\s:;,.|(–—-]+([^\W\d_].*)", re.DOTALL)
_DECIMAL = re.compile(r"([0-9]{1,4})[.,]0*")
_FILLING = frozenset({"the", "of", "and", "or", "to", "not", "specified", "below"})
_UNSURE_NAMES = frozenset({"congo", "the congo", "eastern congo", "korea"})
"""Names of two countries, which the codelist takes for the one that is meant more often."""
_UNSURE_LETTERS = frozenset({"AI", "AU", "IS", "MP", "NO", "PA", "PM", "PS", "SC", "TV"})
"""Codes of countries with two letters that stand for an organisation, an office or a word as well."""
_LETTERS = str.maketrans("АВСЕНІЈКМОРЅТУХΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABCEHIJKMOPSTYXABEZHIKMNOPTYX")
_DIGITS = str.maketrans("OoОоIlІ|", "00001111")
_OLD = {"ADO": "AND", "FRN": "FRA", "GMY": "DEU", "KSV": "XKX", "PAL": "PSE", "ROM": "ROU", "UKG": "GBR", "WBG": "PSE"}
"""Codes of older ISO 3166 lists and of Correlates of War that are no codes here, and what they have become."""
LOOK_UP = "look it up: eventcode codes WORDS"
_A_ROW_EACH = "give each of them a row of its own"


def _look_alike(text: str, letters: dict[int, int] | dict[int, str]) -> str:
    return unicodedata.normalize("NFKC", text).translate(letters)


def _several(found: str, known: Callable[[str], bool]) -> list[str]:
    """The codes, two or more, that a text is made of; none where it holds anything else."""
    parts = _BETWEEN.split(found)
    return parts if len(parts) > 1 and all(known(part) for part in parts) else []


def _with_words(found: str, known: Callable[[str], bool], names: Callable[[str], Iterable[str]]) -> Verdict | None:
    """The verdict on a code that words follow: repaired where they are of the code's own name."""
    split = _WORDS_AFTER.fullmatch(found)
    if not split or not known(split[1]):
        return None
    code, rest = split[1], split[2]
    said = set(_WORD.findall(rest.casefold())) - _FILLING
    if said and not re.search(r"\d", rest) and any(said <= set(_WORD.findall(name.casefold())) for name in names(code)):
        return Verdict("EC218", code, f"write {code}", code)
    return Verdict("EC218", "the code alone", f"write {code}, if that is all that the cell says")


def _named(options: list[str]) -> str:
    """Codes of actions with their names, for people."""
    return " or ".join(f"{code} ({actions()[code].name.lower()})" for code in options)


@cache
def _ordered() -> list[str]:
    return sorted(codes("actions"))


def nearest_actions(found: str) -> list[str]:
    """Codes that are most like one that is none, at most three: of its own branch first.

    >>> nearest_actions("199")
    ['190', '191', '192']
    """
    branch = [code for code in _ordered() if len(code) > 2 and code[: max(2, len(found) - 1)] == found[: max(2, len(found) - 1)]]
    near = [*branch[:3], *difflib.get_close_matches(found, _ordered(), n=3, cutoff=0.5)]
    return list(dict.fromkeys(near))[:3]


@cache
def _action_names() -> Mapping[str, str]:
    ends = ", not specified below"
    whole = {action.name.casefold(): code for code, action in actions().items() if action.level > 1}
    return {name.removesuffix(ends): code for name, code in whole.items() if name.endswith(ends)} | whole


@cache
def _plover() -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code, action in actions().items():
        if action.level == 1 and action.plover:
            found.setdefault(action.plover, []).append(code)
    return found


def _whole_action(number: str) -> str | None:
    """The only action that a number without its leading zero can be; None where it can be two, or none."""
    options = [code for code in (number, "0" + number) if code in codes("actions")]
    return options[0] if len(options) == 1 else None


def action(found: str) -> Verdict:
    """Why a text is no action's code.

    >>> action("42").becomes, action("190.0").becomes, action("10.0").becomes
    ('042', '190', None)
    """
    if "0" + found in codes("actions"):
        return Verdict("EC204", "0" + found, f"write 0{found}; read the column as text, not as a number", "0" + found)
    if decimal := _DECIMAL.fullmatch(found):
        code = _whole_action(decimal[1])
        options = [option for option in (decimal[1], "0" + decimal[1]) if option in codes("actions")]
        if options:
            fix = f"write {code}" if code else f"write {' or '.join(options)}: which of them it was cannot be told"
            return Verdict("EC217", " or ".join(options), f"{fix}; read the column as text, not as a number", code)
    if several := _several(found, codes("actions").__contains__):
        return Verdict("EC203", f"one code, not {len(several)}", _A_ROW_EACH)
    if words := _with_words(found, codes("actions").__contains__, lambda code: [actions()[code].name]):
        return words
    if (code := _look_alike(found, _DIGITS)) in codes("actions") and any(char.isdigit() for char in found):
        return Verdict("EC225", code, f"write {code} with digits", code)
    if found.upper() in _plover():
        fix = f"choose the action itself, below {_named(_plover()[found.upper()])}"
        return Verdict("EC219", "one of the 316 codes of CAMEO 1.1b3", fix)
    if code := _action_names().get(found.casefold()):
        return Verdict("EC215", f"a code, such as {code}", f"write {code}, if that is the act")
    near = nearest_actions(found) if re.fullmatch("[0-9]{1,5}", found) else []
    return Verdict("EC203", "one of the 316 codes of CAMEO 1.1b3", f"did you mean {_named(near)}?" if near else LOOK_UP)


@cache
def _country_names() -> Mapping[str, list[str]]:
    """Names of each country."""
    return {row["code"]: [name for name in (row["name"], *row["aliases"].split("|")) if name] for row in rows("countries")}


@cache
def countries_by_name() -> Mapping[str, str]:
    """Countries by their names in lower case; a name that several bear is left out."""
    found: dict[str, str] = {}
    twice = set()
    for row in rows("countries"):
        for name in _country_names()[row["code"]]:
            if found.setdefault(name.casefold(), row["code"]) != row["code"]:
                twice.add(name.casefold())
    return {name: code for name, code in found.items() if name not in twice}


@cache
def _countries_by_iso2() -> Mapping[str, str]:
    return {row["iso2"]: row["code"] for row in rows("countries") if row["iso2"]}


@cache
def _roles_by_name() -> Mapping[str, str]:
    return {row["name"].casefold(): row["code"] for row in rows("roles")}


def country(found: str) -> Verdict:
    """Why a text is no country's code.

    >>> country("Romania").becomes, country("ROM").becomes, country("RO").becomes, country("rou").becomes
    ('ROU', 'ROU', 'ROU', 'ROU')
    """
    known, upper = codes("countries"), found.upper()
    for rule, like in (
        ("EC206", upper),
        ("EC232", _countries_by_iso2().get(upper, "")),
        ("EC216", _OLD.get(upper, "")),
        ("EC225", _look_alike(upper, _LETTERS)),
    ):
        if like in known:
            sure = rule != "EC232" or found == upper  # "no" and "is" are words too
            return Verdict(rule, like, f"write {like}{' with Latin letters' if rule == 'EC225' else ''}", like if sure else None)
    if code := countries_by_name().get(found.casefold()):
        return Verdict("EC215", code, f"write {code}, if that is the one", None if found.casefold() in _UNSURE_NAMES else code)
    if several := _several(found, known.__contains__):
        return Verdict("EC209", f"one code, not {len(several)}", "give the state whose territory it is, or leave the cell empty")
    if words := _with_words(found, known.__contains__, _country_names().__getitem__):
        return words
    near = difflib.get_close_matches(upper, sorted(known), n=3)
    fix = f"did you mean {' or '.join(f'{code} ({actors.name(code)})' for code in near)}?" if near else LOOK_UP
    return Verdict("EC209", "a code of schema/countries.csv", fix)


def _in_order(found: str) -> str | None:
    """The only order of a code's parts that the grammar accepts."""
    parts = grammar.chunks(found)
    if not 2 <= len(parts) <= 5:
        return None
    options = {code for order in permutations(parts) if grammar.is_actor(code := "".join(order))}
    return options.pop() if len(options) == 1 else None


def _renewed(found: str) -> str | None:
    """The code with its first part from today's list."""
    code = _OLD[found[:3]] + found[3:] if found[:3] in _OLD else ""
    return code if grammar.is_actor(code) else None


def _is_place(code: str) -> bool:
    return code in codes("countries") or code in codes("regions")


def _joined(upper: str) -> Verdict | None:
    """The verdict on a code with marks between its parts: repaired where the parts cannot be two actors."""
    parts = _SEPARATORS.split(upper)
    code = "".join(parts)
    if len(parts) == 1 or not grammar.is_actor(code) or any(len(part) % 3 for part in parts):
        return None
    at_home = parts[0][:3] in grammar.international() and "/" not in upper
    one = all(parts) and (at_home or (_is_place(parts[0][:3]) and not any(_is_place(part[:3]) for part in parts[1:])))
    more = f" if it is one actor ({actors.name(code)}), or {_A_ROW_EACH}" if all(parts) else ", if that is all of it"
    fix = f"write {code}" if one else f"write {code}{more}"
    return Verdict("EC214", code, fix, code if one else None)


def _actor_names(code: str) -> list[str]:
    names = [actors.name(code)]
    return [*names, *(f"{name} {names[0]}" for name in _country_names().get(code[:3], ()))]


def _respelt_actor(found: str) -> Verdict | None:
    """The same code written in another way."""
    upper = found.upper()
    if grammar.is_actor(upper):
        return Verdict("EC206", upper, f"write {upper}", upper)
    if joined := _joined(upper):
        return joined
    if several := _several(upper, grammar.is_actor):
        return Verdict("EC205", f"one code, not {len(several)}", _A_ROW_EACH)
    latin = _look_alike(upper, _LETTERS)
    if latin != upper and grammar.is_actor(latin):
        return Verdict("EC225", latin, f"write {latin} with Latin letters", latin)
    if code := _countries_by_iso2().get(upper):
        sure = found == upper and upper not in _UNSURE_LETTERS
        return Verdict("EC232", code, f"write {code}" if sure else f"write {code}, if {actors.name(code)} is meant", code if sure else None)
    return _with_words(found, grammar.is_actor, _actor_names)


def _mend(found: str) -> str:
    """What to do about an actor's code that is not well formed."""
    if not re.fullmatch("(?:[A-Z]{3})+", found):
        return f"look it up: eventcode codes {found if found.replace(' ', '').isalpha() and found.isascii() else 'WORDS'}"
    unknown = [part for part in grammar.chunks(found) if not grammar.is_actor(part) and not grammar.is_actor(f"USA{part}")]
    if len(found) == 3 and not unknown:
        return f"{found} does not stand alone: write the code of the country, or of the kind of organisation, before it"
    if unknown:
        return f"{', '.join(unknown)} is not known; {LOOK_UP}"
    return "put the parts in the grammar's order: country, group, ethnic group, religion, roles"


def actor(found: str) -> Verdict:
    """Why a text is no actor's code.

    >>> actor("aze-mil").becomes, actor("MILAZE").becomes, actor("ROMGOV").becomes
    ('AZEMIL', 'AZEMIL', 'ROUGOV')
    """
    if respelt := _respelt_actor(found):
        return respelt
    if re.fullmatch("(?:[A-Z]{3})+", found):
        if code := _renewed(found):
            return Verdict("EC216", code, f"write {code}", code)
        if code := _in_order(found):
            return Verdict("EC213", code, f"write {code}", code)
    if code := countries_by_name().get(found.casefold()) or _roles_by_name().get(found.casefold()):
        more = f", or {code}GOV where its government is meant" if code in codes("countries") else " after the country's code"
        return Verdict("EC215", f"a code, such as {code}", f"write {code}{more}")
    return Verdict("EC205", "three-letter parts in the grammar's order, such as AZEMIL", _mend(found))
