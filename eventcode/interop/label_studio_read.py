"""Label Studio's JSON export, read back: who marked what, as rows of a contribution."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from eventcode.errors import InputError
from eventcode.interop import sentences
from eventcode.interop.label_studio import SIDE_CODE, VALUES, sha256
from eventcode.interop.label_studio_events import Annotated, events
from eventcode.interop.marks import Imported, Unusable, row
from eventcode.model.tables import CODER

UNKNOWN = "unknown"
"""Key of those who are not named in an export."""


class _Result(BaseModel):
    id: str | None = None
    type: str
    from_name: str = ""
    value: dict[str, Any] = Field(default_factory=dict)
    from_id: str = ""
    to_id: str = ""
    labels: list[str] | None = None


class _Annotation(BaseModel):
    id: int | str | None = None
    completed_by: int | str | dict[str, Any] | None = None
    was_cancelled: bool = False
    result: list[_Result]


class _Data(BaseModel):
    text: str
    article: str
    text_sha256: str = ""


class _Task(BaseModel):
    id: int | str | None = None
    data: _Data
    annotations: list[_Annotation]


@dataclass(frozen=True, slots=True)
class _Source:
    """What a reading needs to know: whose names people have, and the articles' texts where they are given."""

    coders: Mapping[str, str]
    texts: Mapping[str, str] | None
    split: Callable[[str], Sequence[tuple[int, int]]]


def _tasks(raw: str, where: str) -> list[dict[str, Any]]:
    try:
        tasks = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise InputError(f"the file is not JSON ({error})", where=where, expected="Label Studio's export in the form JSON") from error
    if not isinstance(tasks, list) or not all(isinstance(task, dict) for task in tasks):
        raise InputError("the file is no list of tasks", where=where, expected="Label Studio's export in the form JSON")
    if tasks and not any("annotations" in task and "data" in task for task in tasks):
        raise InputError(
            "no task has data and annotations", where=where, expected="the form JSON, not JSON-MIN", fix="export again and choose JSON"
        )
    return tasks


def _key(by: object) -> str:
    """Id, or else the email or name, of who made an annotation."""
    if isinstance(by, dict):
        by = next((by[name] for name in ("id", "email", "username") if by.get(name) not in (None, "")), None)
    return UNKNOWN if by is None or by == "" else str(by)


def _names(keys: Sequence[str]) -> dict[str, str]:
    """A coder for each annotator: ids as they are, all others by a number, so that no address or name is written out."""
    names: dict[str, str] = {}
    for key in keys:
        known = key if key == UNKNOWN or re.fullmatch("[0-9]+", key) else f"x{sum('ls-x' in name for name in names.values()) + 1}"
        names.setdefault(key, f"person:ls-{known}")
    return names


def coders(keys: Sequence[str], given: Sequence[str], where: str) -> dict[str, str]:
    """Who is who.

    Args:
        keys: Annotators, in the order of the file.
        given: `person:NAME` for the only one, or `KEY=person:NAME` for each.
        where: Name of the file.

    Raises:
        InputError: A name is none that a contribution takes, is for nobody in the file, or is for several people.
    """
    names = _names(keys)
    for each in given:
        key, sign, coder = each.rpartition("=")
        if not re.fullmatch(CODER, coder):
            raise InputError(
                f"the coder is {coder!r:.60}", where="--coder", expected="such as person:anna, or 3=person:anna for the annotator 3"
            )
        if sign and key not in names:
            known = ", ".join(k for k in names if k == UNKNOWN or k.isdecimal())
            raise InputError("--coder names somebody who annotated nothing", where=where, expected=f"one of {known}" if known else "")
        if not sign and len(names) > 1:
            raise InputError(
                f"annotations are by {len(names)} people, --coder names one",
                where=where,
                expected="a name for each, so that rows of different people stay apart",
                fix="leave out --coder, or give --coder ID=person:NAME for each",
            )
        names |= {key: coder} if sign else dict.fromkeys(names, coder)
    return names


def _text(task: _Task, where: str, texts: Mapping[str, str] | None) -> Unusable | None:
    """What is wrong with the text of a task."""
    text, article = task.data.text, task.data.article
    try:
        text.encode()
    except UnicodeEncodeError as error:
        return Unusable(where, f"{text[error.start]!a} is half a character", "whole characters", "export the articles again")
    if task.data.text_sha256 and sha256(text) != task.data.text_sha256:
        return Unusable(
            where, "another text than was exported (sha256)", f"the text of {article}", "offsets count that text: import it again"
        )
    if texts is not None and article not in texts:
        return Unusable(where, f"the article {article!a:.130}", "one of the given articles", "give the article, or leave out --articles")
    if texts is not None and texts[article] != text:
        return Unusable(where, "another text than the article's (sha256)", f"the text of {article}", "annotate the text as it is now")
    return None


def _read(task: _Task, where: str, source: _Source, skipped: Counter[str]) -> Iterator[dict[str, Any] | Unusable]:
    if (wrong := _text(task, where, source.texts)) is not None:
        yield wrong
        return
    text = task.data.text
    live = [a for a in task.annotations if not a.was_cancelled]
    skipped["cancelled annotations"] += len(task.annotations) - len(live)
    skipped["tasks without annotations"] += not live
    skipped["annotations without events"] += sum(not a.result for a in live)
    numbered: Sequence[tuple[int, int]] | None = None
    for annotation in live:
        place = f"{where}, annotation {annotation.id if annotation.id is not None else '?'}"
        made = Annotated(text, place, [each.model_dump() for each in annotation.result], (*VALUES, SIDE_CODE))
        for event in events(made):
            if isinstance(event, Unusable):
                yield event
                continue
            numbered = source.split(text) if numbered is None else numbered
            at = sentences.number(numbered, event.trigger[0])
            yield row(event, task.data.article, text, at, source.coders[_key(annotation.completed_by)])
        skipped["places counted in UTF-16, as Label Studio before 2022 did, and converted"] += made.converted


def read(
    raw: str,
    where: str,
    *,
    coder: Sequence[str] = (),
    texts: Mapping[str, str] | None = None,
    split: sentences.Splitter = sentences.split,
) -> Imported:
    """Rows of a contribution from Label Studio's JSON export.

    Args:
        raw: The export, in the form JSON.
        where: Its name, for messages.
        coder: `person:NAME`, or `KEY=person:NAME` for each annotator; without it `person:ls-<id>`. Addresses are never written out.
        texts: Text of each article by its id, where they are to be compared.
        split: Gives the sentences of a text.

    Raises:
        InputError: The file is no such export, or `coder` does not fit it.
    """
    tasks, unusable, skipped = [], [], Counter[str]()
    for number, given in enumerate(_tasks(raw, where), start=1):
        place = f"{where}: task {given.get('id', number)}"
        try:
            tasks.append((place, _Task.model_validate(given)))
        except ValidationError as error:
            first = error.errors()[0]
            at = ".".join(map(str, first["loc"]))
            unusable.append(Unusable(place, f"{at}: {first['msg']}", "a task as eventcode exports it", "mend the task, or leave it out"))
    keys = [_key(a.completed_by) for _, task in tasks for a in task.annotations if not a.was_cancelled]
    source = _Source(coders(keys, coder, where), texts, split)
    found = [each for place, task in tasks for each in _read(task, place, source, skipped)]
    rows = tuple(each for each in found if not isinstance(each, Unusable))
    unusable += [each for each in found if isinstance(each, Unusable)]
    return Imported(rows, tuple(unusable), {what: n for what, n in skipped.items() if n})
