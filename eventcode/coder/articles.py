"""Articles from what people have: folders, .txt, .md with front matter, .html, .jsonl, .csv, .parquet, standard input."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from eventcode.errors import InputError

_FRONT = re.compile(r"\A---\s*\n(.*?)\n---\s*\n", re.DOTALL)
_KNOWN = ("title", "publisher", "author", "published", "link", "language", "sha256", "text_basis")
_ID = re.compile(r"[^a-z0-9._-]+")


class UnreadableDate(UserWarning):
    """The day of publication cannot be read; the article is coded with unknown dates."""


@dataclass(frozen=True, slots=True)
class SourceArticle:
    """An article to be coded.

    Attributes:
        id: Its id as given, or made from the file's name.
        text: Its text; offsets in reports count its characters.
        published: Day of publication; None where not known.
        details: Title, publisher, author, link, language, sha256 and text_basis, where known.
        source_span: Characters of the source, where the row marks the pair to be coded.
        target_span: Characters of the target.
    """

    id: str
    text: str
    published: date | None
    details: Mapping[str, str]
    source_span: tuple[int, int] | None = None
    target_span: tuple[int, int] | None = None


def slug(name: str) -> str:
    """An article id made from a file's name.

    >>> slug("Moscow Talks (1).txt")
    'moscow-talks-1'
    """
    return _ID.sub("-", Path(name).stem.lower()).strip("-._") or "article"


def _published(value: object, where: str) -> date | None:
    if value is None or value == "":
        return None
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        warnings.warn(
            f"{where}: published is {value!r}, no date such as 2020-10-09: coded with unknown dates", UnreadableDate, stacklevel=2
        )
        return None


def _span(value: object, where: str) -> tuple[int, int] | None:
    if value is None or value == "":
        return None
    try:
        start, end = json.loads(value) if isinstance(value, str) else value  # type: ignore[misc]
        return int(start), int(end)
    except (TypeError, ValueError) as error:
        raise InputError(f"a span is {value!r}", where=where, expected="[start, end], two offsets into the text") from error


def _article(row: Mapping[str, Any], where: str, fallback: str) -> SourceArticle:
    text = row.get("text")
    if not isinstance(text, str):
        raise InputError("there is no text", where=where, expected="a column or key `text`", fix="name the article's text `text`")
    published = _published(row.get("published") or row.get("date"), where)
    details = {key: str(row[key]) for key in _KNOWN if row.get(key) not in {None, ""} and key != "published"}
    identifier = row.get("article_id") or row.get("id") or fallback
    spans = {key: _span(row.get(key), where) for key in ("source_span", "target_span")}
    return SourceArticle(str(identifier), text, published, details, **spans)


def _from_text(raw: bytes, where: str) -> Iterator[SourceArticle]:
    details = {"sha256": hashlib.sha256(raw).hexdigest(), "text_basis": "original"}
    yield _article({**details, "text": _decode(raw, where)}, where, slug(where))


def _from_markdown(raw: bytes, where: str) -> Iterator[SourceArticle]:
    text = _decode(raw, where)
    front = _FRONT.match(text)
    try:
        given = yaml.safe_load(front[1]) if front else {}
    except yaml.YAMLError as error:
        raise InputError(
            f"the front matter is not YAML ({str(error).splitlines()[0]})", where=where, expected="key: value lines between ---"
        ) from error
    known = {"sha256": hashlib.sha256(raw).hexdigest(), "text_basis": "original", **(given or {})}
    yield _article({**known, "text": text[front.end() :] if front else text}, where, slug(where))


def _from_html(raw: bytes, where: str) -> Iterator[SourceArticle]:
    import trafilatura

    found = trafilatura.bare_extraction(_decode(raw, where), with_metadata=True)
    row: dict[str, Any] = found if isinstance(found, dict) else found.as_dict() if found is not None else {}
    if not row.get("text"):
        raise InputError("no article text was found in the page", where=where, expected="an HTML page with an article")
    known = {
        "title": row.get("title"),
        "author": row.get("author"),
        "publisher": row.get("sitename"),
        "link": row.get("url"),
        "published": row.get("date"),
    }
    yield _article({**known, "text": row["text"], "sha256": hashlib.sha256(raw).hexdigest()}, where, slug(where))


def _from_jsonl(raw: bytes, where: str) -> Iterator[SourceArticle]:
    for number, line in enumerate(_decode(raw, where).split("\n"), start=1):
        if line.strip():
            place = f"{where}:{number}"
            try:
                row = json.loads(line)
            except ValueError as error:
                raise InputError(f"the line is not JSON ({error})", where=place, expected="one JSON object a line") from error
            if not isinstance(row, dict):
                raise InputError(f"the line holds a {type(row).__name__}", where=place, expected="a JSON object")
            yield _article(row, place, f"{slug(where)}-{number}")


def _from_csv(raw: bytes, where: str) -> Iterator[SourceArticle]:
    csv.field_size_limit(sys.maxsize)  # an article is longer than the 128 KiB that the csv module allows a cell
    for number, row in enumerate(csv.DictReader(io.StringIO(_decode(raw, where), newline="")), start=1):
        yield _article(row, f"{where}:{number}", f"{slug(where)}-{number}")


def _from_parquet(raw: bytes, where: str) -> Iterator[SourceArticle]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(pa.BufferReader(raw))
    except pa.ArrowInvalid as error:
        raise InputError("the file is not Parquet", where=where, expected="a Parquet file with the columns id and text") from error
    for number, row in enumerate(table.to_pylist(), start=1):
        yield _article(row, f"{where}:{number}", f"{slug(where)}-{number}")


_READERS: dict[str, Callable[[bytes, str], Iterator[SourceArticle]]] = {
    ".txt": _from_text, ".md": _from_markdown, ".html": _from_html, ".htm": _from_html,
    ".jsonl": _from_jsonl, ".ndjson": _from_jsonl, ".csv": _from_csv, ".parquet": _from_parquet,
}  # fmt: skip


def _decode(raw: bytes, where: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"byte {error.start} is not UTF-8", where=where, expected="text in UTF-8", fix="save the file as UTF-8") from error


def read(paths: Iterable[str | Path]) -> Iterator[SourceArticle]:
    """Articles from files, folders (their files of known endings, in order of name) or "-" (JSON lines on standard input).

    Raises:
        InputError: A path does not exist, is of no known kind, or holds what is no article; ids that occur twice.
    """
    seen: set[str] = set()
    for article in _all(paths):
        if article.id in seen:
            raise InputError(f"two articles have the id {article.id!r}", expected="ids that differ", fix="give each article its own id")
        seen.add(article.id)
        yield article


def _all(paths: Iterable[str | Path]) -> Iterator[SourceArticle]:
    for given in paths:
        if str(given) == "-":
            yield from _from_jsonl(sys.stdin.buffer.read(), "standard input")
            continue
        path = Path(given)
        files = sorted(p for p in path.iterdir() if p.suffix.lower() in _READERS) if path.is_dir() else [path]
        if path.is_dir() and not files:
            raise InputError("the folder holds no articles", where=str(path), expected=f"files that end in {', '.join(_READERS)}")
        for file in files:
            reader = _READERS.get(file.suffix.lower())
            if reader is None or not file.is_file():
                what = "no such file" if not file.exists() else f"cannot read files that end in {file.suffix!r}"
                raise InputError(what, where=str(file), expected=f"a folder or a file that ends in {', '.join(_READERS)}")
            yield from reader(file.read_bytes(), str(file))
