"""What a file is, by its first bytes rather than by its name."""

from __future__ import annotations

import codecs
import zipfile
from collections.abc import Mapping
from pathlib import Path

from eventcode.contribute.read.json_text import is_json
from eventcode.contribute.read.raw import Source, Unreadable

ENDINGS: Mapping[str, str] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".txt": "csv",
    ".xlsx": "excel",
    ".jsonl": "json",
    ".ndjson": "json",
    ".json": "json",
    ".parquet": "parquet",
    ".dta": "stata",
}
"""Kinds of files by their ending."""
OWN = {"csv": ".csv", "excel": ".xlsx", "json": ".jsonl", "parquet": ".parquet", "stata": ".dta"}
"""Ending of each kind."""
_NAMES = {"csv": "text", "excel": "an Excel file", "json": "JSON", "parquet": "a Parquet file", "stata": "a Stata file"}
_UNPACK = "unpack it, and give the file within"
_TABLE = "give the table itself, with the ending of its kind"
_FOREIGN: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG", "a PNG picture", _TABLE),
    (b"\xff\xd8\xff", "a JPEG picture", _TABLE),
    (b"GIF8", "a GIF picture", _TABLE),
    (b"%PDF", "a PDF", _TABLE),
    (b"{\\rtf", "a text with formatting (RTF)", _TABLE),
    (b"\x1f\x8b", "packed with gzip", _UNPACK),
    (b"BZh", "packed with bzip2", _UNPACK),
    (b"\xfd7zXZ", "packed with xz", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "packed with zstd", _UNPACK),
    (b"7z\xbc\xaf", "a 7z archive", _UNPACK),
    (b"Rar!", "a RAR archive", _UNPACK),
    (b"\xd0\xcf\x11\xe0", "an old Excel file (.xls), or one with a password", "save as .xlsx, without a password"),
    (b"SQLite format 3", "an SQLite database", "write the table as CSV"),
    (b"ARROW1", "an Arrow file (Feather)", "write it as Parquet"),
    (b"$FL2", "an SPSS file", "save it as CSV"),
    (b"\x89HDF", "an HDF5 file", "write the table as CSV"),
)
_BY_ENDING = {
    ".gz": _UNPACK,
    ".zip": _UNPACK,
    ".bz2": _UNPACK,
    ".xz": _UNPACK,
    ".zst": _UNPACK,
    ".7z": _UNPACK,
    ".rar": _UNPACK,
    ".xls": "save as .xlsx",
    ".xlsm": "save as .xlsx",
    ".xlsb": "save as .xlsx",
    ".ods": "save as .xlsx",
    ".numbers": "save as .xlsx",
    ".rds": "write it as CSV (R: write.csv(x, file, row.names = FALSE))",
    ".rdata": "write it as CSV (R: write.csv(x, file, row.names = FALSE))",
    ".rda": "write it as CSV (R: write.csv(x, file, row.names = FALSE))",
    ".sav": "save it as CSV",
    ".sas7bdat": "save it as CSV",
    ".feather": "write it as Parquet",
    ".docx": _TABLE,
    ".pdf": _TABLE,
}
_HEAD = 1 << 16


def kind_of(source: Source) -> str:
    """The reader of a file, by its ending, which its bytes must not contradict.

    Raises:
        Unreadable: The ending is of no table, or the bytes are of another kind (EC001); or the file has no bytes (EC003).
    """
    ending = source.path.suffix.lower()
    kind = ENDINGS.get(ending)
    if kind is None:
        what = f"cannot read {ending}" if ending else "cannot read files without an ending"
        known = f"a file that ends in {', '.join(ENDINGS)}"
        raise source.refused("EC001", what, expected=known, fix=_BY_ENDING.get(ending, "save the table as CSV"))
    with source.path.open("rb") as file:
        head = file.read(_HEAD)
    if not head and kind != "json":
        raise source.refused("EC003", "the file is empty", expected="a header and rows", fix="send the file that holds the rows")
    found = _found(source, head)
    if found in {"", kind} or (found == "csv" and kind != "json" and not _is_text(head)):
        return kind
    if found == "csv" and kind == "json" and not _is_table(head):
        return kind
    raise _contradiction(source, f"this is {_NAMES[found]}", f"rename it so that it ends in {OWN[found]}")


def kind_by_bytes(source: Source) -> str:
    """The reader of bytes without a name; CSV where nothing tells.

    Raises:
        Unreadable: It is no table (EC001).
    """
    with source.path.open("rb") as file:
        head = file.read(_HEAD)
    text = _decoded(head).strip()
    return _found(source, head) or ("json" if not text or text[0] in "{[" else "csv")


def _contradiction(source: Source, what: str, fix: str) -> Unreadable:
    ending = source.path.suffix.lower()
    expected = f"{_NAMES[ENDINGS[ending]]}, as the ending {ending} says" if ending in ENDINGS else "a table"
    return source.refused("EC001", what, expected=expected, fix=fix)


def _found(source: Source, head: bytes) -> str:
    """Kind of a file by its first bytes; "" where they do not tell."""
    for mark, what, fix in _FOREIGN:
        if head.startswith(mark):
            raise _contradiction(source, f"this is {what}", fix)
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"<stata_dta>") or (102 <= head[:1].ljust(1)[0] <= 115 and head[1:2] in (b"\1", b"\2") and head[2:3] == b"\1"):
        return "stata"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _archive(source)
    text = _decoded(head).strip()
    if text[:200].lower().startswith(("<!doctype html", "<html", "<?xml", "<table")):
        raise _contradiction(source, "this is a web page or XML", "open it in a spreadsheet, and save it as CSV")
    return _text_kind(text)


def _text_kind(text: str) -> str:
    """JSON where the first line or all of a short text is JSON, CSV where it cannot be; "" where it is not known."""
    first = text.partition("\n")[0].strip()
    if text[:1] in ("{", "["):
        return "json" if is_json(first) or is_json(text) or first.startswith(('{"', '[{"')) or first in {"{", "["} else ""
    return "csv" if text else ""


def _archive(source: Source) -> str:
    try:
        with zipfile.ZipFile(source.path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        if source.path.suffix.lower() == ".xlsx":
            return "excel"
        raise _contradiction(source, "this is a zip archive or an Excel file, and damaged", "send it again") from None
    if any(name.startswith("xl/") for name in names) or (not names and source.path.suffix.lower() == ".xlsx"):
        return "excel"
    if any(name.startswith("word/") for name in names):
        raise _contradiction(source, "this is a Word file", _TABLE)
    if "mimetype" in names:
        raise _contradiction(source, "this is an OpenDocument file", "save as .xlsx")
    raise _contradiction(source, "this is a zip archive", _UNPACK)


def _decoded(head: bytes) -> str:
    """The first bytes as text, as well as can be told so early."""
    for mark, codec in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if head.startswith(mark):
            return head.decode(codec, "replace")
    return head.replace(b"\0", b"").decode("utf-8", "replace")


def _is_text(head: bytes) -> bool:
    """True where bytes can only be text: without controls, with a line end or a separator."""
    plain = not head.translate(None, bytes(range(32, 127)) + b"\t\n\r" + bytes(range(128, 256)))
    return plain and any(mark in head for mark in (b"\n", b"\r", b",", b";", b"\t"))


def _is_table(head: bytes) -> bool:
    """True where no line is JSON and the first has separators."""
    lines = [line.strip() for line in _decoded(head).strip().split("\n")[:50]]
    return not any(line[:1] in ("{", "[") for line in lines) and any(mark in lines[0] for mark in (",", ";", "\t", "|"))


_LOGS = (".fixes.csv", ".rejects.csv", ".decisions.csv")


def contributions_in(folder: Path) -> list[Path]:
    """The contributions in a folder, in order of their names; notes (.txt), hidden files, locks of Excel (~$) and logs of the gate are none."""
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in ENDINGS
        and path.suffix.lower() != ".txt"
        and not path.name.startswith((".", "~$"))
        and not path.name.endswith(_LOGS)
    )
