"""Encodings: which one a text is in, known before the first row is read."""

from __future__ import annotations

import codecs
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from eventcode.contribute.read.raw import Fault, Source
from eventcode.errors import InputError

_BLOCK = 1 << 20
_SAMPLE = 1 << 15
LONGEST_LINE = 1 << 26
"""Characters of a line; a longer one is no line of a table."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
LEGACY: Mapping[str, str] = {
    "cp1252": "windows-1252",
    "cp1251": "windows-1251",
    "cp1250": "windows-1250",
    "cp1254": "windows-1254",
    "cp932": "cp932",
    "gb18030": "gb18030",
    "cp949": "cp949",
    "cp1253": "windows-1253",
    "koi8_r": "koi8-r",
    "mac_roman": "mac_roman",
    "cp850": "cp850",
    "cp437": "cp437",
    "iso8859_2": "iso-8859-2",
    "iso8859_5": "iso-8859-5",
    "iso8859_7": "iso-8859-7",
    "iso8859_9": "iso-8859-9",
    "iso8859_15": "iso-8859-15",
}
"""Encodings that are guessed, by Python's name: the name that people know. Of two that fit alike the first is taken."""
_MIXED = 0.02
"""Share of lines in UTF-8 from which a file has several encodings: two letters of a Korean name are UTF-8 by chance in 1 of 100."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """The encoding of a text.

    Attributes:
        codec: Python's name of it.
        name: Name for people.
        guessed: True where nothing in the file states it.
    """

    codec: str
    name: str
    guessed: bool = False

    def faults(self) -> list[Fault]:
        """The warning that the encoding was guessed."""
        if not self.guessed:
            return []
        fix = f"save the file as UTF-8, or say --encoding {self.name}"
        return [Fault("EC004", None, None, "", f"not UTF-8; read as {self.name}", "text in UTF-8", fix)]


def opened(source: Source, encoding: Encoding) -> TextIO:
    """The text of a file; line ends are as in the file."""
    return source.path.open(encoding=encoding.codec, newline="")


def told(source: Source) -> Encoding:
    """The encoding of a text, which the whole file was decoded with once.

    Raises:
        Unreadable: It is no text (EC001), has several encodings (EC005), or a line without end (EC016).
        InputError: The encoding that the caller gave does not exist.
    """
    with source.path.open("rb") as file:
        head = file.read(_SAMPLE)
    if source.encoding:
        return _given(source, source.encoding)
    for mark, codec, name in _MARKS:
        if head.startswith(mark):
            return _must(source, Encoding(codec, name))
    wide = _wide(head)
    if wide and _failure(source, wide.codec) is None:
        return wide
    line = _failure(source, "utf-8")
    _not_binary(source, head, most=0.3 if line is None else 0.05)
    return Encoding("utf-8", "UTF-8") if line is None else _guessed(source)


def _given(source: Source, name: str) -> Encoding:
    try:
        codec = codecs.lookup(name).name
        b"a".decode(codec).encode(codec)
        known = codec not in {"utf-7", "idna", "punycode", "unicode_escape", "raw-unicode-escape", "raw_unicode_escape"}
    except (LookupError, ValueError):
        known = False
    if not known:
        raise InputError(
            f"no such encoding: {name}", expected="a name such as UTF-8 or windows-1252", fix="leave it out to have it guessed"
        )
    return _must(source, Encoding("utf-8-sig" if codec == "utf-8" else codec, name))


def _must(source: Source, encoding: Encoding) -> Encoding:
    line = _failure(source, encoding.codec)
    if line is not None:
        raise source.refused(
            "EC005",
            f"line {line} is not {encoding.name}",
            line=line,
            expected=f"text in {encoding.name} throughout",
            fix="save the file as UTF-8",
        )
    return encoding


def _failure(source: Source, codec: str) -> int | None:
    """Line in which decoding fails; None where it does not."""
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(codec)("strict"), translate=True)
    line, open_line = 1, 0
    for block in _blocks(source.path):
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeError as error:
            start = error.object[: error.start] if isinstance(error, UnicodeDecodeError) else b""
            width = 2 if codec.startswith("utf-16") else 1
            return line + len(re.findall(rb"\r\n|\n|\r", start if width == 1 else start.replace(b"\0", b"")))
        breaks = text.count("\n")
        line += breaks
        open_line = len(text) - text.rfind("\n") - 1 if breaks else open_line + len(text)
        if open_line > LONGEST_LINE and source.path.suffix.lower() != ".json":
            raise source.refused(
                "EC016",
                f"line {line} is longer than {LONGEST_LINE:,} characters",
                line=line,
                expected="a line for each row",
                fix="write each row on a line of its own",
            )
    return None


def _blocks(path: Path) -> Iterator[bytes]:
    """The file in blocks; the last one is empty."""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block
    yield b""


def _wide(head: bytes) -> Encoding | None:
    """UTF-16 without a mark, told by the NULs of its Latin letters."""
    pairs = len(head) // 2
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if pairs > 1 and max(even, odd) > 0.4 * pairs and min(even, odd) < 0.1 * pairs:
        return Encoding("utf-16-be" if even > odd else "utf-16-le", "UTF-16BE" if even > odd else "UTF-16LE", guessed=True)
    return None


def _not_binary(source: Source, head: bytes, *, most: float) -> None:
    controls = len(head) - len(head.translate(None, bytes(c for c in range(32) if c not in b"\t\n\r\f\x1b")))
    if controls > most * len(head):
        raise source.refused("EC001", "this is a binary file", expected="a table", fix="give the table itself, with the ending of its kind")


def _guessed(source: Source) -> Encoding:
    """The encoding of a text that is not UTF-8."""
    sample, plain, other, first = bytearray(), 0, 0, 0
    for number, line in enumerate(_lines(source.path), start=1):
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
            plain += 1
        except UnicodeDecodeError:
            other += 1
            first = first or number
            if len(sample) < _SAMPLE:
                sample += line[:_SAMPLE] + b"\n"
    if plain and plain >= _MIXED * (plain + other):
        raise source.refused(
            "EC005",
            f"line {first} is not UTF-8, other lines are",
            line=first,
            expected="one encoding throughout",
            fix="find out which of the files that were joined is not UTF-8, and save it as UTF-8",
        )
    codec = next(codec for codec in _ranked(bytes(sample)) if _failure(source, codec) is None)
    return Encoding(codec, LEGACY.get(codec, "iso-8859-1"), guessed=True)


def _lines(path: Path) -> Iterator[bytes]:
    rest = b""
    for block in _blocks(path):
        *lines, rest = re.split(rb"\r\n|\n|\r(?!\Z)", rest + block)
        yield from lines
    yield rest


def _ranked(sample: bytes) -> list[str]:
    """Encodings that the sample may be in, the likeliest first; the last one decodes anything."""
    from charset_normalizer import from_bytes

    chaos: dict[str, tuple[float, float]] = {}
    for match in from_bytes(sample, cp_isolation=list(LEGACY)):
        for name in (match.encoding, *match.could_be_from_charset):
            chaos.setdefault(name, (match.chaos, match.coherence))
    ranked = []
    for place, codec in enumerate(LEGACY):
        mess, sense = chaos.get(codec, (0.2, 0.0))
        try:
            text = codecs.getincrementaldecoder(codec)("strict").decode(sample[:_SAMPLE])
        except UnicodeDecodeError:
            continue
        ranked.append((round(_strangeness(text) + mess, 2), -round(sense, 1), place, codec))
    return [*(codec for *_, codec in sorted(ranked)), "iso8859_1"]


def _script(char: str) -> str:
    name = unicodedata.name(char, "?").split()[0]
    return "CJK" if name in {"HIRAGANA", "KATAKANA"} else name


def _strangeness(text: str) -> float:
    """How unlike writing a text's letters beyond ASCII are: symbols, capitals within words, words of two scripts; 0 for none.

    >>> _strangeness("Łódź"), _strangeness("£ódŸ") > 0.5
    (0.0, True)
    """
    strange, letters, before = 0.0, 0, ""
    for char in text:
        if char > "\x7f":
            letters += 1
            strange += _oddity(char)
        if (char > "\x7f" or before > "\x7f") and char.isalpha() and before.isalpha():
            strange += (char.isupper() and before.islower()) + 0.7 * (_script(char) != _script(before))
        before = char
    return strange / max(letters, 1)


def _oddity(char: str) -> float:
    kind = unicodedata.category(char)
    if kind[0] == "C":
        return 3
    if char in "«»„“”‘’–—…°№€\xa0":
        return 0.3
    if char in "ðþýÐÞÝÿŸ":
        return 0.5
    east = "\u3040" <= char <= "\u30ff" or "\u4e00" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7a3"
    return float(kind[0] != "L" or (kind == "Lo" and not east))
