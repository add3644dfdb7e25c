"""brat's standoff format: a text file and a file of annotations for each article, and the configuration that shows them.

Spans are T lines, events E lines with an actor and a target, the status an A line, the other codes a note of the event. brat breaks a span at line
ends into fragments; such fragments are put together again, others are refused.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from urllib.parse import quote, unquote

from eventcode.interop import fields, sentences
from eventcode.interop.marks import Document, Imported, Mark, Span, Unusable, row, trimmed
from eventcode.model.tables import STATUS

EVENT, SIDES = "EVENT", {"Actor": "actor", "Target": "target"}
_CODES = ("action", "actor", "target", "date", "attributed_to")
_LINE = re.compile(r"[^\n]+")
_BREAKS = re.compile("[\t\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
"""What programs may take for the end of a line or of a field; a blank stands for it where words are repeated."""
CONFIG = f"""[entities]
ACTOR
TARGET

[relations]

[events]
{EVENT}	Actor?:ACTOR, Target?:TARGET

[attributes]
Status	Arg:<EVENT>, Value:{"|".join(STATUS)}
"""


def name(article: str) -> str:
    """File name of an article without its ending; `article_of` reads it back.

    >>> name("doi:10.1234"), article_of("doi%3A10.1234")
    ('doi%3A10.1234', 'doi:10.1234')
    """
    return quote(article, safe="")


def article_of(stem: str) -> str:
    """Id of the article in a file, from the file's name without its ending."""
    return unquote(stem)


# -- writing --------------------------------------------------------------------------------------------------------


def standoff(document: Document) -> str:
    """The .ann file of an article; spans of one kind at one place are one T line."""
    text, lines, spans = document.article.text, list[str](), dict[tuple[str, Span], str]()

    def span(kind: str, at: Span) -> str:
        if (kind, at) not in spans:
            spans[kind, at] = f"T{len(spans) + 1}"
            parts = [match.span() for match in _LINE.finditer(text, *at) if match[0].strip()]
            words = _BREAKS.sub(" ", " ".join(text[a:b] for a, b in parts))
            lines.append(f"{spans[kind, at]}\t{kind} {';'.join(f'{a} {b}' for a, b in parts)}\t{words}")
        return spans[kind, at]

    for number, mark in enumerate(document.marks, start=1):
        sides = [(role, at) for role, at in (("Actor", mark.actor_at), ("Target", mark.target_at)) if at is not None]
        arguments = "".join(f" {role}:{span(role.upper(), at)}" for role, at in sides)
        lines.append(f"E{number}\t{EVENT}:{span(EVENT, mark.trigger)}{arguments}")
        if "status" in mark.codes:
            lines.append(f"A{number}\tStatus E{number} {mark.codes['status']}")
        lines.append(f"#{number}\tAnnotatorNotes E{number}\t{fields.written(mark.codes, without=('status',))}")
    return "".join(f"{line}\n" for line in lines)


# -- reading --------------------------------------------------------------------------------------------------------


@dataclass
class _File:
    """An .ann file on its way to events.

    Attributes:
        text: Text of the article.
        where: Name of the file, for messages.
        spans: Kind and place of each T line.
        events: Trigger and arguments of each E line.
        codes: What attributes and notes say of each event.
        wrong: What is wrong, by the id of the line.
        skipped: What was left out and is in order.
    """

    text: str
    where: str
    spans: dict[str, tuple[str, Span]] = field(default_factory=dict)
    events: dict[str, tuple[str, list[tuple[str, str]]]] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    wrong: dict[str, list[Unusable]] = field(default_factory=dict)
    skipped: Counter[str] = field(default_factory=Counter)

    def say(self, line: str, found: str, expected: str, fix: str) -> None:
        """Note what is wrong with a line."""
        self.wrong.setdefault(line, []).append(Unusable(f"{self.where}: {line}", found, expected, fix))

    def textbound(self, line: str, rest: str) -> None:
        """Take a T line."""
        head, _, words = rest.partition("\t")
        kind, _, place = head.partition(" ")
        if not re.fullmatch("[0-9]{1,9} [0-9]{1,9}(?:;[0-9]{1,9} [0-9]{1,9})*", place):
            self.say(line, f"{head!a:.60}", "a kind and offsets, such as ACTOR 0 5", "mend the line")
            return
        parts = [(int(a), int(b)) for a, b in (part.split(" ") for part in place.split(";"))]
        gaps = [self.text[b:c] for (_, b), (c, _) in pairwise(parts)]
        at = parts[0][0], parts[-1][1]
        stands = self.text[slice(*at)]
        if any(gap.strip() or "\n" not in gap for gap in gaps):
            self.say(line, f"words in {len(parts)} pieces ({place})", "words that stand together", "mark one stretch of words")
        elif not stands.strip() or at[1] > len(self.text) or "".join(stands.split()) != "".join(words.split()):
            self.say(line, f"{stands!a:.60} at {place}", f"the words {words!a:.60}", "mark the words anew: the text was changed")
        else:
            self.spans[line] = kind, trimmed(self.text, at)

    def event(self, line: str, rest: str) -> None:
        """Take an E line."""
        parts = [tuple(part.split(":")) for part in rest.split()]
        if not parts or any(len(part) != 2 for part in parts):
            self.say(line, f"{rest!a:.60}", "a trigger and arguments, such as EVENT:T1 Actor:T2", "mend the line")
            return
        (_, trigger), *arguments = parts
        self.events[line] = trigger, [(role, end) for role, end in arguments]

    def attribute(self, line: str, rest: str) -> None:
        """Take an A line."""
        kind, event, value, *_ = (*rest.split(), "", "", "")
        if kind != "Status" or not event:
            self.say(line, f"the attribute {kind!a:.40}", "Status", "leave it out")
        elif "status" in self.codes.setdefault(event, {}):
            self.say(event, "two statuses", "one status", "remove one of them")
        else:
            self.codes[event]["status"] = value

    def note(self, line: str, rest: str) -> None:
        """Take a note: of an event its codes, of anything else nothing."""
        head, _, words = rest.partition("\t")
        kind, _, owner = head.partition(" ")
        if kind != "AnnotatorNotes" or not owner.startswith("E"):
            self.skipped["notes that are not of events"] += 1
            return
        codes = fields.parsed(words)
        known = self.codes.setdefault(owner, {})
        if isinstance(codes, str):
            self.say(owner, f"{codes} in its note {line}", "such as action=190 actor=AZEMIL target=ARM", "mend the note")
        elif twice := sorted(known.keys() & codes):
            self.say(owner, f"{' and '.join(twice)} given twice", "each once", "mend its notes")
        else:
            known |= codes

    def mark(self, line: str) -> Mark | None:
        """The event of an E line; None where something is wrong with it."""
        trigger, arguments = self.events[line]
        at: dict[str, Span] = {}
        for role, end in [("trigger", trigger), *((SIDES.get(role.rstrip("0123456789"), role), end) for role, end in arguments)]:
            if role not in {"trigger", *SIDES.values()}:
                self.say(line, f"the argument {role!a:.40}", f"{' or '.join(SIDES)}", "leave it out")
            elif role in at:
                self.say(line, f"several words for {role}", f"one {role}", "make one event for each pair of actor and target")
            elif end not in self.spans:
                self.say(line, f"{role} is {end}, which cannot be used", "a line of marked words", f"mend {end}, or leave it out")
            else:
                at[role] = self.spans[end][1]
        if "action" not in self.codes.get(line, {}):
            self.say(line, "an event without an action", "a note such as action=190", "write the codes into the event's note")
        if line in self.wrong:
            return None
        return Mark(self.codes[line], at["trigger"], at.get("actor"), at.get("target"))

    def loose(self) -> None:
        """Note spans of no event, and attributes and notes of events that are not there."""
        used = {end for trigger, arguments in self.events.values() for end in (trigger, *(end for _, end in arguments))}
        for line, (kind, _) in self.spans.items():
            if line not in used:
                self.say(line, f"{kind!a:.40} of no event", "words that an event uses", "make an event of it, or remove it")
        for event in self.codes.keys() - self.events.keys():
            self.say(event, "a status or note of an event that is not there", "an E line", "remove it")


_TAKE = {"T": _File.textbound, "E": _File.event, "A": _File.attribute, "M": _File.attribute, "#": _File.note}


def _marks(file: _File, raw: str) -> Iterator[Mark | Unusable]:
    seen: set[str] = set()
    for number, text in enumerate(raw.split("\n"), start=1):
        if not text.strip():
            continue
        line, tab, rest = text.rstrip("\r").partition("\t")
        if not tab or line[:1] not in {*_TAKE, "R", "N", "*"}:
            file.say(f"line {number}", f"{text!a:.60}", "a line of the standoff format", "mend the line")
        elif line != "*" and line in seen:
            file.say(line, "two lines of this id", "ids that differ", "give one of them another id")
        elif line[0] in _TAKE:
            _TAKE[line[0]](file, line, rest)
        else:
            file.skipped["relations, equivalences and normalizations"] += 1
        seen.add(line)
    file.loose()
    found = [file.mark(line) for line in file.events]
    yield from (mark for mark in found if mark is not None)
    yield from (problem for problems in file.wrong.values() for problem in problems)


def read(
    pairs: Mapping[str, tuple[str, str]], *, coder: str, texts: Mapping[str, str] | None = None, split: sentences.Splitter = sentences.split
) -> Imported:
    """Rows of a contribution from standoff files.

    Args:
        pairs: For each article's id its text and its annotations.
        coder: Who annotated, such as person:anna.
        texts: Text of each article by its id, where they are to be compared.
        split: Gives the sentences of a text.
    """
    rows, unusable, skipped = [], [], Counter[str]()
    for article, (text, raw) in pairs.items():
        if texts is not None and texts.get(article) != text:
            known = "another text than the article's (sha256)" if article in texts else "an article that is not given"
            unusable.append(Unusable(f"{name(article)}.txt", known, "the text of a given article", "annotate the text as it is now"))
            continue
        file = _File(text, f"{name(article)}.ann")
        found = list(_marks(file, raw))
        marks = [each for each in found if isinstance(each, Mark)]
        numbered = split(text) if marks else ()
        rows += [row(mark, article, text, sentences.number(numbered, mark.trigger[0]), coder) for mark in marks]
        unusable += [each for each in found if isinstance(each, Unusable)]
        skipped += file.skipped
        skipped["articles without events"] += not found
    return Imported(tuple(rows), tuple(unusable), {what: n for what, n in skipped.items() if n})
