"""What one person marked in one text in Label Studio, put together into events."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from eventcode.interop.label_studio import LABELS, SIDE_CODE
from eventcode.interop.marks import Mark, Span, Unusable, trimmed
from eventcode.interop.offsets import from_utf16

_SIDES = ("actor", "target")
_NOT_SHOWN = re.compile(r"\s+|\\n|\\r")
"""Blanks, which the editor may leave out of a region's text, and line breaks, which it writes as backslash and n."""


@dataclass
class Annotated:
    """One annotation and what is known of it.

    Attributes:
        text: Text of the article.
        where: Name of the annotation, for messages.
        results: Its results, as exported.
        controls: Names of the controls whose values count.
        converted: Number of regions whose offsets counted UTF-16 code units.
    """

    text: str
    where: str
    results: Sequence[Mapping[str, Any]]
    controls: tuple[str, ...]
    converted: int = 0
    places: dict[str, Span] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    values: dict[tuple[str, str], str] = field(default_factory=dict)
    wrong: dict[str, list[Unusable]] = field(default_factory=dict)

    def say(self, region: str, found: str, expected: str, fix: str) -> None:
        """Note what is wrong with a region."""
        self.wrong.setdefault(region, []).append(Unusable(f"{self.where}, region {region}", found, expected, fix))


def _candidates(text: str, value: Mapping[str, Any]) -> dict[str, Span]:
    """The places that the offsets of a region mean, by the unit in which they count, where the words that stand there are the region's."""
    start, end, words = value["start"], value["end"], value.get("text")
    converted = from_utf16(text, start), from_utf16(text, end)
    meant: dict[str, Span] = {"characters": (start, end)}
    if converted[0] is not None and converted[1] is not None:
        meant["utf16"] = converted[0], converted[1]
    seen = _NOT_SHOWN.sub("", words) if isinstance(words, str) else None
    return {
        unit: (a, b)
        for unit, (a, b) in meant.items()
        if 0 <= a < b <= len(text) and text[a:b].strip() and seen in {None, _NOT_SHOWN.sub("", text[a:b])}
    }


def _regions(made: Annotated) -> None:
    """Find the regions: of characters and UTF-16 units the one that fits more of them, for a region that fits only the other that one."""
    found: dict[str, dict[str, Span]] = {}
    for each in made.results:
        if each["type"] != "labels":
            continue
        name, value = each["id"] or "?", each["value"]
        labels = value.get("labels")
        if name in made.labels:
            made.say(name, "two regions of this id", "ids that differ", "mark one of them anew")
        elif not isinstance(labels, list) or len(labels) != 1 or labels[0] not in LABELS:
            made.say(name, f"the labels {labels!a:.60}", f"one of {', '.join(LABELS)}", "label the words anew")
        elif not all(isinstance(value.get(edge), int) for edge in ("start", "end")):
            made.say(name, "no start and end", "offsets into the text", "mark the words anew")
        elif not (places := _candidates(made.text, value)):
            stands = made.text[value["start"] : value["end"]]
            made.say(
                name, f"{stands!a:.60} at {value['start']} to {value['end']}", f"the words {value.get('text')!a:.60}", "mark the words anew"
            )
        else:
            made.labels[name], found[name] = labels[0], places
    fits = {unit: sum(unit in places for places in found.values()) for unit in ("characters", "utf16")}
    order = sorted(fits, key=lambda unit: -fits[unit])
    for name, places in found.items():
        unit = next(unit for unit in order if unit in places)
        made.converted += unit == "utf16" and places[unit] != places.get("characters")
        made.places[name] = trimmed(made.text, places[unit])


def _value(each: Mapping[str, Any]) -> list[str]:
    """Values of a control, empty ones left out; of a way through the tree of actions its last member's code."""
    given = each["value"].get({"textarea": "text"}.get(each["type"], each["type"]))
    values = given if isinstance(given, list) else [given]
    if each["type"] == "taxonomy":
        leaves = [str(way[-1]) for way in values if isinstance(way, list) and way]
        return [code[0] if (code := re.match(r"[0-9]+(?![0-9])", leaf)) else leaf for leaf in leaves]
    return [str(value).strip() for value in values if value is not None and str(value).strip()]


def _values(made: Annotated) -> None:
    for each in made.results:
        if each["type"] in {"labels", "relation"}:
            continue
        name, control = each["id"] or "?", each["from_name"]
        values = _value(each)
        if control not in made.controls:
            made.say(name, f"a value of {control!a:.60}", f"one of {', '.join(made.controls)}", "use the interface that eventcode exports")
        elif len(values) > 1:
            made.say(name, f"{control} is {' and '.join(values)!a:.80}", "one value", "leave one, and mark the trigger again for the other")
        elif name not in made.labels and name not in made.wrong:
            made.say(name, f"{control} without words", "a value beside marked words", "select the trigger first")
        elif values:
            made.values[name, control] = values[0]


def _sides(made: Annotated) -> dict[str, dict[str, str]]:
    """For each trigger its actor and target: what the relation says, else what the words are labelled."""
    sides: dict[str, dict[str, str]] = {name: {} for name, label in made.labels.items() if label == "trigger"}
    for each in made.results:
        if each["type"] != "relation":
            continue
        ends = each["from_id"], each["to_id"]
        triggers = [end for end in ends if end in sides]
        others = [end for end in ends if end in made.labels and end not in sides]
        if len(triggers) != 1 or len(others) != 1:
            known = [end for end in ends if end in made.labels]
            what = (
                "a relation between two triggers"
                if len(triggers) == 2
                else "a relation to nothing"
                if len(known) < 2
                else "a relation without a trigger"
            )
            for end in triggers or known or ends[:1]:
                made.say(
                    end or "?", what, "a relation from a trigger to its actor or target", "remove the relation, or mark what it leads to"
                )
            continue
        said = [label for label in each["labels"] or () if label in _SIDES]
        role = said[0] if said else made.labels[others[0]]
        if len(said) > 1 or sides[triggers[0]].get(role, others[0]) != others[0]:
            made.say(triggers[0], f"several words for {role}", f"one {role}", "mark the trigger once for each pair of actor and target")
        sides[triggers[0]][role] = others[0]
    return sides


def _event(made: Annotated, trigger: str, sides: Mapping[str, str]) -> Mark | None:
    """The event of a trigger; None where something is wrong with it."""
    codes = {control: value for (name, control), value in made.values.items() if name == trigger and control != SIDE_CODE}
    for side, name in sides.items():
        beside = made.values.get((name, SIDE_CODE))
        if beside and codes.setdefault(side, beside) != beside:
            made.say(trigger, f"{side} {codes[side]}, but {beside} beside its words", "one code", "mend one of the two")
    if (trigger, SIDE_CODE) in made.values:
        made.say(trigger, "a code beside a trigger", "the code of its actor or of its target", "write it beside their words")
    if "action" not in codes:
        made.say(trigger, "a trigger without an action", "what was done", "choose an action, or remove the trigger")
    if any(name in made.wrong for name in (trigger, *sides.values())):
        return None
    at = {side: made.places[name] for side, name in sides.items()}
    return Mark(codes, made.places[trigger], at.get("actor"), at.get("target"))


def events(made: Annotated) -> Iterator[Mark | Unusable]:
    """The events of an annotation in the order of their triggers, then what is wrong; a trigger with which something is wrong gives none."""
    _regions(made)
    _values(made)
    sides = _sides(made)
    linked = {name for each in sides.values() for name in each.values()}
    for name, label in made.labels.items():
        if label != "trigger" and name not in linked and name not in made.wrong:
            made.say(name, f"{label} of no trigger", "a relation from a trigger", "relate a trigger to it, or remove it")
    found = [_event(made, trigger, sides[trigger]) for trigger in sides]
    yield from (each for each in found if each is not None)
    yield from (problem for problems in made.wrong.values() for problem in problems)
