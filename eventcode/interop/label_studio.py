"""Tasks for Label Studio: articles with the coder's reports as predictions, and the labelling interface that shows them.

Label Studio counts offsets in characters (code points), as Python does: since 2022 its editor converts JavaScript's counts before it saves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import groupby
from typing import Any
from xml.etree import ElementTree as ET

from eventcode.interop.marks import Document, Mark, Span
from eventcode.model.tables import STATUS
from eventcode.resources import rows

LABELS = {"trigger": "#d9480f", "actor": "#1971c2", "target": "#2f9e44"}
WORDS, TEXT = "words", "text"
VALUES = ("action", "status", "actor", "target", "date", "attributed_to")
"""Names of the controls that stand beside a trigger; each is a column of a contribution."""
SIDE_CODE = "code"
"""Name of the control beside the words of an actor or target: its code, where the trigger does not carry it."""
_ASKED = {
    "actor": "Actor's code, such as AZEMIL",
    "target": "Target's code, such as ARM",
    "date": "Day, such as 2020-10-09",
    "attributed_to": "Code of whose word it is",
}


def sha256(text: str) -> str:
    """Checksum of a text, by which an import knows that it is still the article's."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _actions() -> Mapping[str, Mapping[str, str]]:
    return {row["code"]: row for row in rows("actions")}


def _choice(code: str) -> str:
    return f"{code} {_actions()[code]['name']}" if code in _actions() else code


def taxonomy(code: str) -> list[str]:
    """The way to an action in the interface's tree, from its root.

    >>> taxonomy("018")
    ['01 MAKE PUBLIC STATEMENT', '018 Make empathetic comment']
    """
    parent = _actions()[code]["parent"] if code in _actions() else ""
    return [*(taxonomy(parent) if parent else ()), _choice(code)]


# -- tasks ----------------------------------------------------------------------------------------------------------


def _region(text: str, at: Span, label: str, name: str) -> dict[str, Any]:
    start, end = at
    value = {"start": start, "end": end, "text": text[start:end], "labels": [label]}
    return {"id": name, "from_name": WORDS, "to_name": TEXT, "type": "labels", "value": value}


def _value(column: str, code: str, at: Span, name: str) -> dict[str, Any]:
    """A value beside a region: it has the region's id."""
    kind, given = {"action": ("taxonomy", [taxonomy(code)]), "status": ("choices", [code])}.get(column, ("textarea", [code]))
    value = {"start": at[0], "end": at[1], "text" if kind == "textarea" else kind: given}
    return {"id": name, "from_name": column, "to_name": TEXT, "type": kind, "value": value}


def _result(text: str, mark: Mark, number: int) -> Iterable[dict[str, Any]]:
    trigger = f"r{number}-trigger"
    scored = {} if mark.confidence is None else {"score": mark.confidence}
    yield {**_region(text, mark.trigger, "trigger", trigger), **scored}
    for column in VALUES:
        if column in mark.codes:
            yield _value(column, mark.codes[column], mark.trigger, trigger)
    for side, at in (("actor", mark.actor_at), ("target", mark.target_at)):
        if at is not None:
            yield _region(text, at, side, f"r{number}-{side}")
            yield {"from_id": trigger, "to_id": f"r{number}-{side}", "type": "relation", "direction": "right", "labels": [side]}


def _prediction(text: str, coder: str, marks: Sequence[tuple[int, Mark]]) -> dict[str, Any]:
    sure = [mark.confidence for _, mark in marks if mark.confidence is not None]
    scored = {"score": round(sum(sure) / len(sure), 3)} if sure else {}
    result = [each for number, mark in marks for each in _result(text, mark, number)]
    return {"model_version": coder or "unknown", **scored, "result": result}


def task(document: Document, *, predictions: bool = True) -> dict[str, Any]:
    """An article as a task: its text in `data`, its reports as one prediction for each coder, the score their mean confidence."""
    article = document.article
    about = {"article": article.id, "title": article.details.get("title", "")}
    published = article.published.isoformat() if article.published else ""
    made: dict[str, Any] = {"data": {"text": article.text, **about, "published": published, "text_sha256": sha256(article.text)}}
    if predictions:
        numbered = sorted(enumerate(document.marks, start=1), key=lambda pair: pair[1].coder)
        groups = groupby(numbered, key=lambda pair: pair[1].coder)
        made["predictions"] = [_prediction(article.text, coder, list(group)) for coder, group in groups]
    return made


# -- the labelling interface ----------------------------------------------------------------------------------------


def _shown(view: ET.Element, labels: str, header: str) -> ET.Element:
    """A part of the interface that is seen while words of these labels are selected."""
    part = ET.SubElement(view, "View", visibleWhen="region-selected", whenTagName=WORDS, whenLabelValue=labels)
    ET.SubElement(part, "Header", value=header)
    return part


def _controls(view: ET.Element) -> None:
    each = {"toName": TEXT, "perRegion": "true"}
    one = {**each, "maxSubmissions": "1", "editable": "true", "rows": "1"}
    part = _shown(view, "trigger", "What was done, and by the word of whom")
    nodes = {"": ET.SubElement(part, "Taxonomy", {"name": "action", **each, "placeholder": "Action"})}
    for row in rows("actions"):
        nodes[row["code"]] = ET.SubElement(nodes[row["parent"]], "Choice", value=_choice(row["code"]))
    choices = ET.SubElement(part, "Choices", {"name": "status", **each, "choice": "single-radio", "showInline": "true"})
    for status in STATUS:
        ET.SubElement(choices, "Choice", value=status)
    for column, asked in _ASKED.items():
        ET.SubElement(part, "TextArea", {"name": column, **one, "placeholder": asked})
    part = _shown(view, "actor,target", "Who it is")
    ET.SubElement(part, "TextArea", {"name": SIDE_CODE, **one, "placeholder": "Code of these words, such as AZEMIL"})


def config() -> str:
    """The labelling interface as XML: words of three kinds, relations, and beside a trigger its action, status, codes and date."""
    view = ET.Element("View")
    ET.SubElement(view, "Style").text = ".htx-text { white-space: pre-wrap; }"
    ET.SubElement(view, "Header", value="$title")
    labels = ET.SubElement(view, "Labels", name=WORDS, toName=TEXT)
    for label, colour in LABELS.items():
        ET.SubElement(labels, "Label", value=label, background=colour)
    relations = ET.SubElement(view, "Relations")
    for side in ("actor", "target"):
        ET.SubElement(relations, "Relation", value=side)
    ET.SubElement(view, "Text", name=TEXT, value="$text", valueType="text", saveTextResult="yes")
    _controls(view)
    ET.indent(view)
    return ET.tostring(view, encoding="unicode") + "\n"
