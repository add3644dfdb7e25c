"""A plain table of tokens, one a line, for people with a text editor and programs that read columns.

A document begins with its article's id and text and a line for each report; then come the tokens: sentence, token, start, end, and a column
for each report, in which O stands for nothing and B- and I- begin and go on with ACTOR, TRIGGER or TARGET, two of them joined by |.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from eventcode.interop import fields, sentences
from eventcode.interop.marks import Document, Imported, Mark, Span, Unusable, row

_ARTICLE, _TEXT = "# article ", "# text "
_REPORT = re.compile(r"# report ([0-9]{1,9}) (.*)")
_TOKEN = re.compile(r"\w+|[^\w\s]")
_ROLES = ("ACTOR", "TRIGGER", "TARGET")
_OUTSIDE = "_"
_BREAKS = str.maketrans({character: f"\\u{ord(character):04x}" for character in "\x85\u2028\u2029"})


class _Broken(Exception):  # noqa: N818 - it never leaves this module
    """A document whose table cannot be read: what was found, what was expected, what to do."""


# -- writing --------------------------------------------------------------------------------------------------------


def _tokens(text: str, cuts: set[int]) -> Iterator[Span]:
    """Words and signs, cut where a marked place begins or ends."""
    for match in _TOKEN.finditer(text):
        edges = [match.start(), *sorted(cut for cut in cuts if match.start() < cut < match.end()), match.end()]
        yield from pairwise(edges)


def _places(mark: Mark) -> dict[str, Span]:
    places = {"ACTOR": mark.actor_at, "TRIGGER": mark.trigger, "TARGET": mark.target_at}
    return {role: at for role, at in places.items() if at is not None}


def _tag(places: Mapping[str, Span], start: int, end: int) -> str:
    tags = [f"{'B' if start == at[0] else 'I'}-{role}" for role, at in places.items() if at[0] <= start and end <= at[1]]
    return "|".join(tags) or "O"


def written(document: Document, split: sentences.Splitter = sentences.split) -> str:
    """An article and its reports as a table of tokens; between two sentences stands an empty line."""
    article, places = document.article, [_places(mark) for mark in document.marks]
    lines = [f"{_ARTICLE}{article.id}", f"{_TEXT}{json.dumps(article.text, ensure_ascii=False).translate(_BREAKS)}"]
    lines += [f"# report {n} {fields.written(mark.codes)}" for n, mark in enumerate(document.marks, start=1)]
    cuts = {edge for each in places for at in each.values() for edge in at}
    numbered, last = split(article.text), None
    for start, end in _tokens(article.text, cuts):
        sentence = sentences.number(numbered, start)
        if sentence != last and last is not None:
            lines.append("")
        last = sentence
        tags = [_tag(each, start, end) for each in places]
        lines.append("\t".join([str(sentence or _OUTSIDE), article.text[start:end], str(start), str(end), *tags]))
    return "".join(f"{line}\n" for line in [*lines, ""])


# -- reading --------------------------------------------------------------------------------------------------------


def _documents(raw: str) -> Iterator[tuple[int, list[str]]]:
    """The documents of a file, each with the number of its first line."""
    first, lines = 1, list[str]()
    for number, line in enumerate(raw.split("\n"), start=1):
        if line.startswith(_ARTICLE):
            if any(each.strip() for each in lines):
                yield first, lines
            first, lines = number, []
        lines.append(line.rstrip("\r"))
    if any(each.strip() for each in lines):
        yield first, lines


def _head(lines: Sequence[str]) -> tuple[str, str, dict[int, dict[str, str] | str]]:
    """Article, text and the codes of the reports."""
    if not lines[0].startswith(_ARTICLE):
        raise _Broken(f"{lines[0]!a:.60}", "a line '# article ID'", "export the articles again")
    given = [line.removeprefix(_TEXT) for line in lines if line.startswith(_TEXT)]
    try:
        (text,) = map(json.loads, given)
        text.encode()
    except (ValueError, AttributeError, RecursionError) as error:
        raise _Broken(f"{len(given)} texts", "one line '# text' with the text as JSON", "export the articles again") from error
    reports = [match for line in lines if (match := _REPORT.fullmatch(line))]
    if [int(match[1]) for match in reports] != list(range(1, len(reports) + 1)):
        raise _Broken(f"reports {', '.join(match[1] for match in reports)}", "reports counted from 1", "number them anew, as their columns")
    return lines[0].removeprefix(_ARTICLE), text, {int(match[1]): fields.parsed(match[2]) for match in reports}


def _table(lines: Sequence[str], text: str, reports: int) -> list[tuple[str, int, int, list[str]]]:
    """The tokens: sentence, start, end, tags."""
    found: list[tuple[str, int, int, list[str]]] = []
    for line in lines:
        cells = line.split("\t")
        if not line.strip() or (len(cells) == 1 and line.startswith("#")):
            continue
        if len(cells) != 4 + reports or not all(re.fullmatch("[0-9]{1,9}", cell) for cell in cells[2:4]):
            raise _Broken(f"{line!a:.60}", f"sentence, token, start, end and {reports} columns for reports", "mend the line")
        start, end = int(cells[2]), int(cells[3])
        if text[start:end] != cells[1] or (found and start < found[-1][2]):
            raise _Broken(
                f"the token {cells[1]!a:.40} at {start} to {end}",
                "the tokens of the text, in order",
                "leave token, start and end as they are",
            )
        found.append((cells[0], start, end, cells[4:]))
    return found


def _spans(tokens: Sequence[tuple[int, int, str]]) -> dict[str, Span]:
    """Where the roles of a report stand, from a column."""
    places: dict[str, list[int]] = {}
    before: list[str] = []
    for start, end, cell in tokens:
        tags = [] if cell == "O" else cell.split("|")
        for tag in tags:
            kind, _, role = tag.partition("-")
            if kind not in {"B", "I"} or role not in _ROLES:
                raise _Broken(f"the tag {tag!a:.40}", f"O, or B- and I- with {', '.join(_ROLES)}", "mend the tag")
            if kind == "B" and role in places:
                raise _Broken(f"{role} begins twice", f"one {role}", "make one report for each pair of actor and target")
            if kind == "I" and not {f"B-{role}", f"I-{role}"} & set(before):
                raise _Broken(f"{tag} without a beginning", f"B-{role} before it", "mend the tag")
            places.setdefault(role, [start, end])[1] = end
        before = tags
    return {role: (start, end) for role, (start, end) in places.items()}


def _mark(codes: dict[str, str] | str, tokens: Sequence[tuple[int, int, str]]) -> Mark:
    if isinstance(codes, str):
        raise _Broken(codes, "such as action=190 actor=AZEMIL target=ARM", "mend the line '# report'")
    at = _spans(tokens)
    if "action" not in codes:
        raise _Broken("a report without an action", "such as action=190", "write it into the line '# report'")
    if "TRIGGER" not in at:
        raise _Broken("a report without a TRIGGER", "B-TRIGGER in its column", "mark the words that report the action")
    return Mark(codes, at["TRIGGER"], at.get("ACTOR"), at.get("TARGET"))


def read(raw: str, where: str, *, coder: str, texts: Mapping[str, str] | None = None) -> Imported:
    """Rows of a contribution from a table of tokens.

    Args:
        raw: The file.
        where: Its name, for messages.
        coder: Who annotated, such as person:anna.
        texts: Text of each article by its id, where they are to be compared.
    """
    rows, unusable, empty = [], [], 0
    for first, lines in _documents(raw):
        place = f"{where}:{first}"
        try:
            article, text, reports = _head(lines)
            place = f"{place}: {article}"
            if texts is not None and texts.get(article) != text:
                raise _Broken("another text than the article's (sha256)", "the text of a given article", "annotate the text as it is now")
            table = _table(lines, text, len(reports))
        except _Broken as broken:
            unusable.append(Unusable(place, *broken.args))
            continue
        empty += not reports
        number = {start: sentence for sentence, start, _, _ in table}
        for n, codes in reports.items():
            try:
                mark = _mark(codes, [(start, end, tags[n - 1]) for _, start, end, tags in table])
            except _Broken as broken:
                unusable.append(Unusable(f"{place}, report {n}", *broken.args))
                continue
            told = number[mark.trigger[0]]
            rows.append(row(mark, article, text, int(told) if told.isdecimal() else None, coder))
    return Imported(tuple(rows), tuple(unusable), {"articles without events": empty} if empty else {})
