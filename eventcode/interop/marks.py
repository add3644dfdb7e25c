"""A report with the places of its words in the text: what every annotation tool shows and gives back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from eventcode.coder.articles import SourceArticle

Span = tuple[int, int]
"""First character and the first one behind it, counted in characters (code points) of the article's text."""

CODED = ("action", "actor", "target", "status", "date", "attributed_to")
"""Columns that a tool carries as values beside the words."""
_PLACED = ("article", "source", "sentence", "start", "end", "trigger", "actor_text", "target_text", "coder", "coder_version", "confidence")
_SIDES = ("actor", "target")


@dataclass(frozen=True, slots=True)
class Mark:
    """A report as marked in a text.

    Attributes:
        codes: Those columns of `CODED` that have a value, as text.
        trigger: Where the word stands that reports the action.
        actor_at: Where the words stand that name the actor; None where they are not given or not found.
        target_at: Where the words stand that name the target.
        coder: Who or what coded it, with the version of a program.
        confidence: How sure the coder is; None where it does not say.
    """

    codes: Mapping[str, str]
    trigger: Span
    actor_at: Span | None = None
    target_at: Span | None = None
    coder: str = ""
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Unusable:
    """Something that could not be taken over, and what to do about it.

    >>> print(Unusable("task 3", "a trigger without an action", "the code of what was done", "choose an action"))
    task 3: a trigger without an action; expected the code of what was done; choose an action
    """

    where: str
    found: str
    expected: str
    fix: str

    def __str__(self) -> str:
        text = f"{self.where}: {self.found}; expected {self.expected}; {self.fix}"
        return text.encode("utf-8", "backslashreplace").decode("utf-8")


@dataclass(frozen=True, slots=True)
class Document:
    """An article and the reports marked in it."""

    article: SourceArticle
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Marked:
    """Articles with marks, what was left out, and what the tools have no place for.

    Attributes:
        documents: The articles with their marks, in order.
        unusable: Reports that have no place in the text.
        without_words: Number of actors and targets whose words are given but do not stand in the text.
        not_carried: Columns that have values which the tools do not carry.
    """

    documents: tuple[Document, ...]
    unusable: tuple[Unusable, ...]
    without_words: int
    not_carried: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """What a tool's file gave.

    Attributes:
        rows: Rows of a contribution.
        unusable: What was left out and has to be mended.
        skipped: What was left out and is in order, with how many there were.
    """

    rows: tuple[dict[str, Any], ...]
    unusable: tuple[Unusable, ...]
    skipped: Mapping[str, int] = field(default_factory=dict)


def locate(text: str, words: str, near: int) -> Span | None:
    """Where `words` stand in the text: of several places the nearest to `near`, blanks and line breaks taken for alike.

    >>> locate("Iran and Iraq met. Iran left.", "Iran", 20), locate("Iranian\\nforces left.", "Iranian forces", 0), locate("He left.", "Iran", 0)
    ((19, 23), (0, 14), None)
    """
    parts = words.split()
    if not parts:
        return None
    exact, loose = re.escape(words.strip()), r"\s+".join(map(re.escape, parts))
    for pattern in (rf"(?<!\w)({exact})(?!\w)", f"(?=({exact}))", f"({loose})"):
        found = [match.span(1) for match in re.finditer(pattern, text)]
        if found:
            return min(found, key=lambda span: abs(span[0] - near))
    return None


def trimmed(text: str, at: Span) -> Span:
    """A place without the blanks at its ends, which a mouse easily takes in.

    >>> trimmed("They met today.", (4, 9))
    (5, 8)
    """
    words = text[slice(*at)]
    return at[0] + len(words) - len(words.lstrip()), at[1] - len(words) + len(words.rstrip())


def mark(article: SourceArticle, row: Mapping[str, Any], where: str) -> Mark | Unusable:
    """A report as a mark in its article, or why it cannot be one."""
    start, end, trigger = row.get("start"), row.get("end"), row.get("trigger")
    if start is None or end is None:
        return Unusable(where, "no place in the text", "start and end", "give the offsets of the trigger")
    stands = article.text[start:end]
    if not stands or end > len(article.text):
        return Unusable(where, f"characters {start} to {end}", f"a place within the {len(article.text)} characters", "mend start and end")
    if trigger is not None and trigger != stands:
        return Unusable(where, f"{stands!a:.60} at {start} to {end}", f"the trigger {trigger!a:.60}", "mend start, end or trigger")
    if stands != stands.strip():
        return Unusable(where, f"the trigger {stands!a:.60}", "a trigger without blanks around it", "mend start and end")
    codes = {name: str(row[name]) for name in CODED if row.get(name) is not None}
    at = {side: locate(article.text, row.get(f"{side}_text") or "", start) for side in _SIDES}
    version = row.get("coder_version")
    coder = f"{row.get('coder') or ''}{f' {version}' if version else ''}"
    return Mark(codes, (start, end), at["actor"], at["target"], coder, row.get("confidence"))


def marked(articles: Sequence[SourceArticle], reports: Mapping[str, Sequence[Mapping[str, Any]]]) -> Marked:
    """Articles with their reports as marks.

    Args:
        articles: The articles.
        reports: For each article's id its reports, as columns of a contribution with dates as text.
    """
    documents, unusable, without, lost = [], [], 0, dict[str, None]()
    for article in articles:
        marks = []
        for number, row in enumerate(reports.get(article.id, ()), start=1):
            made = mark(article, row, f"{article.id}, report {number}")
            if isinstance(made, Unusable):
                unusable.append(made)
                continue
            marks.append(made)
            without += sum(
                bool(row.get(f"{side}_text")) and at is None for side, at in zip(_SIDES, (made.actor_at, made.target_at), strict=True)
            )
            lost |= dict.fromkeys(name for name, value in row.items() if value is not None and name not in (*CODED, *_PLACED))
        documents.append(Document(article, tuple(marks)))
    return Marked(tuple(documents), tuple(unusable), without, tuple(lost))


def row(marked_: Mark, source: str, text: str, sentence: int | None, coder: str) -> dict[str, Any]:
    """A mark as a row of a contribution; the words are those that stand in the text."""
    words = {name: text[slice(*at)] if at else None for name, at in (("actor_text", marked_.actor_at), ("target_text", marked_.target_at))}
    start, end = marked_.trigger
    codes = {name: marked_.codes.get(name) for name in ("actor", "action", "target", "date")}
    told = {name: marked_.codes.get(name) for name in ("status", "attributed_to")}
    place = {"sentence": sentence, "start": start, "end": end, "trigger": text[start:end]}
    return {**codes, "source": source, **told, **words, **place, "coder": coder}
