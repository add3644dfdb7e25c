"""Inputs of the gate's cases that are no text, or whose bytes matter: made anew for each run, so that no binary file is kept."""

import datetime as dt
import io
import struct
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import Workbook

HEADER = ("actor", "action", "target", "date", "source", "coder")
ROW = ("AZEMIL", "190", "ARM", "2020-10-09", "valley-1", "person:anna")
OTHER = ("GEOGOV", "042", "AZE", "2020-10-12", "valley-2", "person:anna")
CSV = ",".join(HEADER) + "\n"
LINE = ",".join(ROW) + "\n"


def _text(text: str, encoding: str = "utf-8") -> bytes:
    return text.encode(encoding)


def _workbook(sheets: Mapping[str, Iterable[Iterable[object]]]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _events(*rows: Iterable[object]) -> bytes:
    return _workbook({"events": [HEADER, *rows]})


def _with_figure(value: str) -> bytes:
    """A workbook in which an error value, or a formula, stands in a column of figures."""
    book = Workbook()
    sheet = book.active
    sheet.title = "events"
    for row in ([*HEADER, "deaths_best"], [*ROW, 3], [*OTHER, value]):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _bomb() -> bytes:
    """A workbook whose archive says that it unpacks to 3 GiB."""
    out = io.BytesIO(_events(ROW))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/media/picture.bmp", b"\0" * 16)
        archive.filelist[-1].file_size = 3 << 30
    return out.getvalue()


def _parquet(columns: Mapping[str, object]) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(dict(columns)), sink)
    return sink.getvalue()


def _typed() -> bytes:
    """Types that programs write: categories, whole numbers with fractions, moments, NaN."""
    return _parquet(
        {
            "actor": pa.array(["AZE", "aze", "AZE"]).dictionary_encode(),
            "action": pa.array([190, 42, None], pa.int64()),
            "target": pa.array(["NKR", None, "NKR"], pa.large_string()),
            "date": pa.array([dt.date(2020, 10, 9), None, dt.date(1500, 1, 1)]),
            "date_end": pa.array([dt.datetime(2020, 10, 9), None, dt.datetime(2020, 10, 9, 14)], pa.timestamp("us", "UTC")),  # noqa: DTZ001
            "source": ["karabakh-1", "karabakh-1", ""],
            "coder": ["person:anna"] * 3,
            "deaths_best": pa.array([3.0, None, 2.5], pa.float64()),
            "confidence": pa.array([0.5, float("nan"), 1.5], pa.float64()),
        }
    )


def _numbered(actions: list[int]) -> bytes:
    """Actions as numbers, in which leading zeros are lost."""
    size = len(actions)
    days = [dt.date(2020, 10, day) for day in range(1, size + 1)]
    sources = [f"valley-{i}" for i in range(size)]
    return _parquet(
        {
            "actor": ["AZE"] * size,
            "action": actions,
            "target": ["ARM"] * size,
            "date": days,
            "source": sources,
            "coder": ["person:anna"] * size,
        }
    )


def _stata() -> bytes:
    """A Stata file with labels, days and whole numbers beside missing values."""
    import pandas as pd

    frame = pd.DataFrame([ROW, OTHER], columns=list(HEADER))
    frame["date"] = pd.to_datetime(frame["date"])
    frame["deaths_best"] = [3.0, None]
    frame["status"] = pd.Categorical(["claimed", "asserted"])
    out = io.BytesIO()
    frame.to_stata(out, write_index=False, convert_dates={"date": "td"}, version=118)
    return out.getvalue()


def _note(text: str) -> str:
    return f"{CSV.strip()},note\n{LINE.strip()},{text}\n"


NAMES = [
    ",".join([*ROW[:4], f"valley-{i}", "person:anna", note]) + "\n"
    for i, note in enumerate(["São Tomé", "Müller", "Château-Thierry", "Peña Nieto", "Malmö", "Córdoba"], start=1)
]
SHEETS = {"2019": [HEADER, ROW], "2020": [HEADER, OTHER]}
LONG = "one word and another " * 5000
LINE_ENDS = (
    '{"actor":"AZE","action":"190","date":"2020-10-09","source":"a","coder":"person:anna",'
    '"trigger":"one\u2028\x85two","start":0,"end":8,"target":""}\r\n'
)

_INPUTS: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    "EC001/wrong": ("input.csv", lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
    "EC001/wrong-2": ("input.csv", lambda: _events(ROW)),
    "EC002/wrong": ("input.xlsx", lambda: _events(ROW)[:2000]),
    "EC002/right": ("input.xlsx", lambda: _events(ROW)),
    "EC004/wrong": ("input.csv", lambda: _text(f"{CSV.strip()},note\n" + "".join(NAMES), "cp1252")),
    "EC004/right": ("input.csv", lambda: _text(f"{CSV.strip()},note\n" + "".join(NAMES), "cp1252")),
    "EC005/wrong": ("input.csv", lambda: _text(_note("Bălți")) + _text(LINE.strip() + ",Székely\n", "cp1250")),
    "EC005/right": ("input.csv", lambda: _text(_note("Bălți") + ",".join(OTHER) + ",Székely\n")),
    "EC010/wrong-2": ("input.csv", lambda: _text(_note("shel\0led"))),
    "EC011/wrong": ("input.xlsx", lambda: _workbook(SHEETS)),
    "EC011/right": ("input.xlsx", lambda: _workbook(SHEETS)),
    "EC011/right-2": ("input.xlsx", lambda: _workbook({"events": [HEADER, ROW], "notes": [["what"], ["how this was coded"]]})),
    "EC012/wrong": ("input.xlsx", lambda: _with_figure("=G2+1")),
    "EC012/right": ("input.xlsx", lambda: _with_figure("4")),
    "EC013/wrong": ("input.xlsx", lambda: _with_figure("#REF!")),
    "EC013/right": ("input.xlsx", lambda: _with_figure("")),
    "EC016/wrong": ("input.xlsx", _bomb),
    "EC016/right": ("input.xlsx", lambda: _events(ROW, OTHER)),
    "EC017/wrong": ("input.csv", lambda: _text(_note(LONG))),
    "EC017/right": ("input.csv", lambda: _text(_note(LONG[:420].strip()))),
    "EC204/wrong-2": ("input.xlsx", lambda: _events([*ROW[:1], 42, *ROW[2:]])),
    "EC228/wrong-2": ("input.parquet", lambda: _numbered([10, 190])),
    "EC228/right-2": ("input.parquet", lambda: _numbered([111, 190])),
    "byte_order_mark": ("input.csv", lambda: _text((CSV + LINE).replace("\n", "\r\n"), "utf-8-sig")),
    "line_separators": ("input.jsonl", lambda: _text(LINE_ENDS)),
    "parquet": ("input.parquet", _typed),
    "stata": ("input.dta", _stata),
    "utf16": ("input.csv", lambda: _text(CSV + LINE, "utf-16")),
    "zipped": ("input.csv", lambda: b"PK\x03\x04" + struct.pack("<13H", *range(13))),
}


def _writer(name: str, make: Callable[[], bytes]) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        (folder / name).write_bytes(make())

    return write


MADE: Mapping[str, Callable[[Path], None]] = {case: _writer(*made) for case, made in _INPUTS.items()}
"""What writes the input of a case into its folder, by the case's path below tests/cases/gate."""
