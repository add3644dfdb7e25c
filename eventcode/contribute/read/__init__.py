"""Contributions as people send them, read into frames: nothing is lost, nothing is guessed silently."""

from __future__ import annotations

import itertools
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl

from eventcode.contribute.read.delimited import delimited
from eventcode.contribute.read.excel import excel
from eventcode.contribute.read.json_text import json_text
from eventcode.contribute.read.parquet import parquet
from eventcode.contribute.read.raw import Fault, Raw, Source, Unreadable
from eventcode.contribute.read.sniff import ENDINGS, OWN, contributions_in, kind_by_bytes, kind_of
from eventcode.contribute.read.stata import stata
from eventcode.errors import InputError

__all__ = ["KNOWN", "Fault", "Raw", "Unreadable", "batches", "contributions_in", "read"]

KNOWN = tuple(ENDINGS)
_READERS: Mapping[str, Callable[[Source], Iterator[Raw]]] = {
    "csv": delimited,
    "excel": excel,
    "json": json_text,
    "parquet": parquet,
    "stata": stata,
}


def batches(path: str | Path, *, size: int = 1_000_000, encoding: str | None = None, sheet: str | None = None) -> Iterator[Raw]:
    """The rows of a contribution, some at a time; at least one batch, which may have no rows.

    Args:
        path: A file (.csv, .tsv, .tab, .txt, .xlsx, .jsonl, .ndjson, .json, .parquet, .dta), or "-" for standard input.
        size: Most rows of a batch. CSV, JSON lines, Parquet and Stata never hold more in memory.
        encoding: Encoding of a text, where it is known; else it is UTF-8 or guessed.
        sheet: Name of the sheet of an Excel file.

    Raises:
        Unreadable: The file cannot be read as a whole; it may be found out after some batches.
        InputError: There is no such file, sheet or encoding.
    """
    if str(path) != "-":
        file = Path(path)
        if not file.is_file():
            what = "this is a folder" if file.is_dir() else "no such file"
            raise InputError(what, where=str(path), expected=f"a file that ends in {', '.join(KNOWN)}")
        source = Source(file, str(path), size, encoding, sheet)
        yield from _READERS[kind_of(source)](source)
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "input"
        with copy.open("wb") as spool:
            shutil.copyfileobj(sys.stdin.buffer, spool)
        source = Source(copy, "standard input", size, encoding, sheet)
        kind = kind_by_bytes(source)
        yield from _READERS[kind](replace(source, path=copy.rename(copy.with_suffix(OWN[kind]))))


def read(path: str | Path, *, size: int = 1_000_000, encoding: str | None = None, sheet: str | None = None) -> Raw:
    """The rows of a contribution, all at once; arguments and errors are those of `batches`."""
    parts = list(batches(path, size=size, encoding=encoding, sheet=sheet))
    lines = [part.lines for part in parts if part.lines is not None]
    return replace(
        parts[0],
        frame=pl.concat([part.frame for part in parts], how="vertical_relaxed"),
        rows=pl.concat([part.rows for part in parts]),
        lines=pl.concat(lines) if lines else None,
        faults=tuple(itertools.chain.from_iterable(part.faults for part in parts)),
    )
