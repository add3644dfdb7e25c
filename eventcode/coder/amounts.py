"""Amounts that a sentence gives ("at least 12 rebels", "dozens", "a policeman", "nobody"), with the words that are counted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from eventcode import resources
from eventcode.coder.syntax import children

if TYPE_CHECKING:
    from spacy.tokens import Token

Amount = tuple[int | None, int | None, int | None]
"""Lowest, best and highest."""
_VALUES: dict[str, float] = {
    word: n for n, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(), 1
    )
} | {word: 10 * n for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)} | {"half": 0.5, "couple": 2}  # fmt: skip
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "m": 10**6, "mn": 10**6}
_CLUSTERS = {"tens": 20, "dozens": 24, "scores": 40, "hundreds": 200, "thousands": 2000, "millions": 2 * 10**6}
_HEDGES = {
    "low": r"at least|(?:well |far |slightly |just )?(?:more than|over|above)|(?:no|not) (?:fewer|less) than|upwards? of|in excess of|a minimum of|exceed(?:s|ed|ing)|surpass(?:es|ed|ing)|topped",
    "high": r"up to|as many as|at (?:the )?most|(?:no|not) more than|fewer than|less than|(?:just )?under|a maximum of",
    "best": r"about|some|nearly|almost|around|roughly|approximately|an estimated|estimated|close to|just short of|circa",
}
_ANY_HEDGE = "|".join(_HEDGES.values())
_SMALL = "|".join(sorted((w for w in _VALUES if w not in {"half", "couple"}), key=len, reverse=True))
_BIG = "dozen|hundred|thousand|million|billion"
_NUMBER = (
    rf"(?:(?:\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?)(?:(?:\s(?:{_BIG})|mn?)\b)?"
    rf"|(?:(?:half an?|an?(?: couple(?: of)?)?) (?:{_BIG})|(?:{_SMALL}))\b"
    rf"(?:(?:[ -]|(?:(?<=hundred)|(?<=thousand)|(?<=million)) and )(?:{_SMALL}|{_BIG})\b)*|an? couple\b)"
)
_CLUSTER = rf"(?:tens of thousands|(?:dozens|scores|hundreds|thousands|millions)(?: of (?:thousands|millions))?)\b|(?:several|a few|many) (?:{_BIG})\b"
_QUANTITY = re.compile(
    rf"(?<![\w$€£¥.,/:#-])(?<!\bno )(?:(?P<hedge>{_ANY_HEDGE}) (?:(?:{_ANY_HEDGE}) )?(?:the )?)?(?:(?P<cluster>{_CLUSTER})"
    rf"|(?:(?:between|anywhere from|ranging from) (?P<from>{_NUMBER}) (?:and|to) |(?<!from )(?P<least>{_NUMBER})(?: to | or |(?<=\d) ?[-–—] ?(?=\d)))(?P<to>{_NUMBER})|(?P<one>{_NUMBER}))"
    r"(?P<after> or (?:more|so|fewer)\b|\+|-plus\b)?(?![\w%]|[-–][A-Za-z]|[.,:]\d| ?(?:%|per ?cent\b|pct\b))",
    re.IGNORECASE,
)
_DAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december yesterday today overnight early late".split()
)
_PART = frozenset("including include includes included among them whom counting namely".split())
_MODIFIERS = frozenset("amod compound nmod punct case poss".split())
ZERO = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Counted:
    """An amount with the words [start, end) of the doc that give it and name what is counted; `noun` is None where none does."""

    start: int
    end: int
    amount: Amount
    noun: Token | None = None
    is_one: bool = False


@cache
def _listed(kind: str) -> frozenset[str]:
    return frozenset(row["word"] for row in resources.rows("figures") if row["kind"] == kind)


@cache
def _states() -> frozenset[str]:
    return frozenset(row["word"] for row in resources.rows("figures") if row["pos"] == "A" and row["how"])


@cache
def _persons() -> frozenset[str]:
    names = [row["noun"].lower() for row in resources.rows("actors/agents") if row["kind"] == "person"]
    ends = (name.split()[-1] for name in names)
    return frozenset(names) | _listed("somebody") | {end for end in ends if end.endswith(("er", "or", "ist", "man", "woman", "ian"))}


def number(text: str) -> int:
    """What a number in digits or words comes to.

    >>> [number(text) for text in ("1,200", "1.2 million", "two hundred and ten", "forty-two", "half a dozen", "a couple of")]
    [1200, 1200000, 210, 42, 6, 2]
    """
    total = part = 0.0
    for word in re.findall(r"\d[\d,]*(?:\.\d+)?|[a-z]+", text.lower()):
        scale = _SCALES.get(word, 0)
        if not scale:
            part += _VALUES.get(word, 0) if word.isalpha() else float(word.replace(",", ""))
        elif scale < 1000:
            part = (part or 1) * scale
        else:
            total, part = total + (part or 1) * scale, 0.0
    return round(total + part)


def amount(match: re.Match[str]) -> Amount:
    """Lowest, best and highest number of an expression.

    >>> [amount(_QUANTITY.match(text)) for text in ("63", "at least 63", "as many as 63", "some 63", "60 to 70", "tens of thousands")]
    [(63, 63, 63), (63, 63, None), (None, None, 63), (None, 63, None), (60, None, 70), (20000, None, None)]
    """
    if match["cluster"]:
        first, *rest = match["cluster"].lower().split()
        return round(_CLUSTERS.get(first, 2) * (_SCALES[rest[-1].removesuffix("s")] if rest else 1)), None, None
    if match["to"]:
        return number(match["from"] or match["least"]), None, number(match["to"])
    value = number(match["one"])
    after = (match["after"] or "").strip()
    said = {"or more": "low", "+": "low", "-plus": "low", "or so": "best", "or fewer": "high"}.get(after) or next(
        (kind for kind, words in _HEDGES.items() if re.fullmatch(words, match["hedge"] or "", re.IGNORECASE)), ""
    )
    return (value if said in {"", "low"} else None, value if said != "high" else None, value if said in {"", "high"} else None)


def is_person(noun: Token | None) -> bool:
    """True for a noun that is known to name a person or people."""
    if noun is None:
        return False
    return noun.lemma_.lower() in _persons() or noun.lower_ in {"people", "police", "others"} or noun.ent_type_ in {"NORP", "PERSON"}


def _noun_phrase(sentence: Sequence[Token], start: int) -> tuple[int, Token | None]:
    """Where the words that are counted end, and the noun they end in: "(12) young Iraqi police officers"."""
    at, noun = start, None
    if at < len(sentence) and sentence[at].lower_ == "of" and at + 1 < len(sentence):
        at += 1
    first = at
    while at < len(sentence):
        token = sentence[at]
        is_noun = token.tag_[:2] == "NN"
        is_state = token.lower_ in _states() and token.lower_ != "custody"
        is_modifier = token.tag_[:2] in {"JJ", "PO", "HY", "VB"} and token.dep_ in _MODIFIERS
        if token.lower_ in _DAYS or not (
            (is_noun and not is_state)
            or (is_modifier and at + 1 < len(sentence) and sentence[at + 1].tag_[:2] in {"NN", "JJ", "HY", "VB"} and token.head.i > token.i)
            or (token.tag_ == "RB" and token.dep_ == "advmod" and token.head.dep_ == "amod")
            or (token.tag_ in {"DT", "PRP$"} and at == first and first > start)
        ):
            break
        noun = token if is_noun else noun
        at += 1
    return (noun.i + 1 - sentence[0].i, noun) if noun is not None else (start, None)


def _numbers(sentence: Sequence[Token]) -> Iterator[Counted]:
    """Amounts in numbers; not ages, dates, years and parts of an amount ("three of them", "including 3 children")."""
    text = "".join(t.text_with_ws for t in sentence)
    months = _DAYS - {"may"}
    for match in _QUANTITY.finditer(text):
        first, last = match.start() + sentence[0].idx, match.end() + sentence[0].idx
        inside = [n for n, t in enumerate(sentence) if first <= t.idx < last]
        if not inside:
            continue
        start, (end, noun) = inside[0], _noun_phrase(sentence, inside[-1] + 1)
        before = sentence[start - 1].lower_ if start else ""
        behind = [t.lower_ for t in sentence[inside[-1] + 1 : inside[-1] + 3]] + ["", ""]
        is_aside = before in {",", "(", "aged", "age"} and behind[0] in {",", ")"} and start > 1 and is_person(sentence[start - 2])
        is_date = noun is None and (
            before in months or behind[0] in months or re.fullmatch(r"(1[89]|20)\d\d", match[0]) or behind[0] == "may"
        )
        is_part = before in _PART or (behind[0] == "of" and behind[1] in {"them", "whom", "us", "which"})
        if not (is_aside or is_date or is_part or before == "aged" or (noun is not None and noun.lemma_.lower() in _listed("nobody"))):
            yield Counted(start, end, amount(match), noun)


def _unnumbered(sentence: Sequence[Token]) -> Iterator[Counted]:
    """One person ("a policeman", "the mayor") and nobody ("no one", "no arrests")."""
    offset = sentence[0].i
    for at, token in enumerate(sentence):
        if token.lower_ in {"nobody", "none", "no-one"} or (token.lower_ == "one" and at and sentence[at - 1].lower_ == "no"):
            yield Counted(at, at + 1, ZERO)
        elif token.lower_ == "no" and at + 1 < len(sentence):
            end, noun = _noun_phrase(sentence, at + 1)
            if noun is not None:
                yield Counted(at, end, ZERO, noun)
        elif (
            token.tag_ in {"NN", "NNP"}
            and token.dep_ not in {"compound", "nmod", "poss", "amod"}
            and token.lemma_.lower() not in _listed("nobody")
        ):
            own = [c.i - offset for c in children(token) if c.i < token.i and c.dep_ not in {"prep", "relcl"} and c.i >= offset]
            is_named = token.ent_type_ == "PERSON" or (token.ent_type_ == "NORP" and any(c.lower_ in {"a", "an"} for c in children(token)))
            if is_named or token.lower_ in _persons():
                is_nobody = any(c.lower_ == "single" for c in children(token)) and any(t.lower_ == "not" for t in sentence[:at])
                yield Counted(min([*own, at]), at + 1, ZERO if is_nobody else (1, 1, 1), token, is_one=True)


def amounts(sentence: Sequence[Token]) -> list[Counted]:
    """All amounts in order; where two overlap, the one in numbers."""
    found = list(_numbers(sentence))
    taken = {i for each in found for i in range(each.start, each.end)}
    found += [each for each in _unnumbered(sentence) if not taken & set(range(each.start, each.end))]
    return sorted(found, key=lambda each: each.start)
