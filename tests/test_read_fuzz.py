"""Whatever the bytes, a reader gives rows or says with a code why not; it never fails in another way."""

import re
import tempfile
import time
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventcode.contribute.read import KNOWN, Raw, Unreadable, batches

FRAME = pd.DataFrame({"actor": ["AZE", "ARM", "é"], "action": ["190", "042", "010"], "n": [1.5, 2.0, 3.0]})


def valid(ending):
    """A file of each kind."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{ending}"
        {
            ".xlsx": lambda: FRAME.to_excel(path, index=False),
            ".dta": lambda: FRAME.to_stata(path, write_index=False, version=118),
            ".parquet": lambda: FRAME.to_parquet(path),
            ".json": lambda: FRAME.to_json(path, orient="records"),
        }.get(ending, lambda: FRAME.to_json(path, orient="records", lines=True) if "js" in ending else FRAME.to_csv(path, index=False))()
        return path.read_bytes()


VALID = {ending: valid(ending) for ending in KNOWN}


def survives(data, ending):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{ending}"
        path.write_bytes(data)
        start = time.monotonic()
        try:
            parts = list(batches(path, size=2))
        except Unreadable as error:
            assert re.fullmatch(r"EC0\d\d", error.code)  # noqa: PT017 - rows or a problem, both are right
        else:
            assert parts
            for part in parts:
                assert isinstance(part, Raw)
                assert part.frame.height == len(part.rows) or not part.frame.width
                assert all(re.fullmatch(r"EC0\d\d", fault.code) for fault in part.faults)
        assert time.monotonic() - start < 10


@pytest.mark.parametrize("ending", KNOWN)
@given(data=st.binary(max_size=200))
@settings(max_examples=40)
def test_random_bytes(ending, data):
    survives(data, ending)


@pytest.mark.parametrize("ending", KNOWN)
@given(place=st.floats(0, 1))
@settings(max_examples=40)
def test_files_cut_off_anywhere(ending, place):
    survives(VALID[ending][: int(place * len(VALID[ending]))], ending)


@pytest.mark.parametrize("ending", KNOWN)
@given(changes=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=4))
@settings(max_examples=60)
def test_files_with_changed_bytes(ending, changes):
    data = bytearray(VALID[ending])
    for place, byte in changes:
        data[int(place * len(data))] = byte
    survives(bytes(data), ending)


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".txt", ".jsonl", ".json"])
@given(text=st.text(alphabet='aA1,;\t|"\r\n\0\x85\u2028é{}[]:\\=', max_size=80))
@settings(max_examples=60)
def test_texts_of_marks(ending, text):
    survives(text.encode(), ending)


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".json"])
@pytest.mark.parametrize("unit", ["x", '"', "[", "actor,", '{"a":', "\0", "x;"])
def test_a_line_of_ten_megabytes(ending, unit):
    survives((unit * (10_000_000 // len(unit))).encode(), ending)


@pytest.mark.parametrize("ending", [".csv", ".jsonl"])
def test_mixed_encodings(ending):
    survives(VALID[ending] + "Łódź".encode("cp1250") + b"\n" + "ș".encode() + b"\n", ending)
