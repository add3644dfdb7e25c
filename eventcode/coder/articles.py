"""Articles from what people have: folders, .txt, .md with front matter, .html, .jsonl, .csv, .parquet, standard input."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import sys
import unicodedata
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from eventcode.errors import InputError
from eventcode.model.tables import ARTICLE_ID

_FRONT = re.compile(r"\A---\s*\n(.*?)\n---\s*\n", re.DOTALL)
_KNOWN = ("title", "publisher", "author", "published", "link", "language", "sha256", "text_basis")
_LONGEST_CELL = 2**31 - 1
"""An article is longer than the 128 KiB that the csv module allows a cell; Windows takes no higher limit."""
_ID = re.compile(r"[^a-z0-9._-]+")


class UnreadableDate(UserWarning):
    """The day of publication cannot be read; the article is coded with unknown dates."""


class UnusableId(UserWarning):
    """An article's id is none that the contract takes; its reports cannot be contributed."""


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
    """An article id made from a file's name; a checksum of the name tells apart those that have letters beyond a to z.

    >>> slug("Moscow Talks (1).txt"), slug("Ärger.txt"), slug("Переговоры.txt")
    ('moscow-talks-1', 'arger', 'article-4d1fc4d5')
    """
    stem = unicodedata.normalize("NFKD", Path(name).stem.lower())
    bare = "".join(character for character in stem if not unicodedata.combining(character))
    made = _ID.sub("-", bare).strip("-._") or "article"
    lost = any(character.isalnum() and not character.isascii() for character in bare)
    return f"{made}-{hashlib.sha256(stem.encode()).hexdigest()[:8]}" if lost else made


def _text(value: object, where: str) -> str:
    """A value as text: empty where there is none, the members of a list joined."""
    if value is None:
        return ""
    if isinstance(value, list | tuple) and not any(isinstance(member, list | tuple | dict) for member in value):
        return ", ".join(_text(member, where) for member in value)
    if isinstance(value, list | tuple | dict):
        raise InputError(f"a value is {value!r:.80}", where=where, expected="text, or a list of texts")
    text = str(value)
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise InputError(
                f"{text[error.start]!r} is half a character", where=where, expected="whole characters", fix="write the text as UTF-8"
            ) from error
    return text


def _identifier(row: Mapping[str, Any], where: str, fallback: str) -> str:
    given = (_text(row.get(key), where) for key in ("article_id", "id"))
    identifier = next((text for text in given if text), fallback)
    if not re.fullmatch(ARTICLE_ID, identifier):
        warnings.warn(
            f"{where}: the article's id is {identifier!r:.150}; contributions take ids of at most 120 letters a to z, digits and . _ : -,"
            " a letter or digit first",
            UnusableId,
            stacklevel=2,
        )
    return identifier


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
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError(f"a span is {value!r}", where=where, expected="[start, end], two offsets into the text") from error


def _article(row: Mapping[str, Any], where: str, fallback: str) -> SourceArticle:
    if not isinstance(row.get("text"), str):
        raise InputError("there is no text", where=where, expected="a column or key `text`", fix="name the article's text `text`")
    published = _published(row.get("published") or row.get("date"), where)
    details = {key: text for key in _KNOWN if key != "published" and (text := _text(row.get(key), where))}
    spans = {key: _span(row.get(key), where) for key in ("source_span", "target_span")}
    return SourceArticle(_identifier(row, where, fallback), _text(row["text"], where), published, details, **spans)


def _from_text(raw: bytes, where: str) -> Iterator[SourceArticle]:
    details = {"sha256": hashlib.sha256(raw).hexdigest(), "text_basis": "original"}
    yield _article({**details, "text": _decode(raw, where)}, where, slug(where))


def _from_markdown(raw: bytes, where: str) -> Iterator[SourceArticle]:
    text = _decode(raw, where)
    front = _FRONT.match(text)
    try:
        given = (yaml.safe_load(front[1]) if front else None) or {}
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InputError(
            f"the front matter is not YAML ({str(error).splitlines()[0]})", where=where, expected="key: value lines between ---"
        ) from error
    if not isinstance(given, dict):
        raise InputError(f"the front matter is {given!r:.80}", where=where, expected="key: value lines between ---")
    known = {"sha256": hashlib.sha256(raw).hexdigest(), "text_basis": "original", **given}
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
            except (ValueError, RecursionError) as error:
                raise InputError(f"the line is not JSON ({error})", where=place, expected="one JSON object a line") from error
            if not isinstance(row, dict):
                raise InputError(f"the line holds a {type(row).__name__}", where=place, expected="a JSON object")
            yield _article(row, place, f"{slug(where)}-{number}")


def _from_csv(raw: bytes, where: str) -> Iterator[SourceArticle]:
    csv.field_size_limit(_LONGEST_CELL)
    try:
        rows = list(csv.DictReader(io.StringIO(_decode(raw, where), newline="")))
    except csv.Error as error:
        raise InputError(f"the file is not CSV ({error})", where=where, expected="rows that end alike, quotes that close") from error
    for number, row in enumerate(rows, start=1):
        yield _article(row, f"{where}:{number}", f"{slug(where)}-{number}")


def _from_parquet(raw: bytes, where: str) -> Iterator[SourceArticle]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        rows = pq.read_table(pa.BufferReader(raw)).to_pylist()
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError("the file is not Parquet", where=where, expected="a Parquet file with the columns id and text") from error
    for number, row in enumerate(rows, start=1):
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


def files_in(folder: Path) -> list[Path]:
    """The articles in a folder: its files of known endings, in order of name, hidden ones left out."""
    return sorted(p for p in folder.iterdir() if p.suffix.lower() in _READERS and not p.name.startswith("."))


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
        files = files_in(path) if path.is_dir() else [path]
        if path.is_dir() and not files:
            raise InputError("the folder holds no articles", where=str(path), expected=f"files that end in {', '.join(_READERS)}")
        for file in files:
            reader = _READERS.get(file.suffix.lower())
            if reader is None or not file.is_file():
                what = "no such file" if not file.exists() else f"cannot read files that end in {file.suffix!r}"
                raise InputError(what, where=str(file), expected=f"a folder or a file that ends in {', '.join(_READERS)}")
            yield from reader(file.read_bytes(), str(file))
