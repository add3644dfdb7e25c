"""The same rows, saved by five writers, come back with the same cells.

Differences that are allowed, and tested here: R writes the word NA for a missing value and a column of row names without a name; a whole
number beside missing values is 1 or 1.0 by the writer; Stata takes names of at most 32 letters, digits and underscores.
"""

import csv
import re
from pathlib import Path

import pandas as pd
import pytest

from eventcode.contribute.read import Unreadable, read

SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "samples"
REAL = {"icews": "icews_events_2018_sample.tab", "phoenix": "phoenix_sample_5000.csv", "gdelt": "gdelt_v2_20180101000000.export.CSV"}


def _made():
    rows = [
        [f"{i}", ["AZE", "ARMMIL", "GEO"][i % 3], ["042", "190", "010"][i % 3], "" if i % 4 else "NKR", "Bucureşti, “x”"] for i in range(50)
    ]
    return pd.DataFrame(rows, columns=["id", "actor", "action", "target", "note"])


def _real(name):
    path = SAMPLES / REAL[name]
    if not path.is_file():
        pytest.skip(f"{path.name} does not lie beside this checkout")
    separator = "," if name == "phoenix" else "\t"
    frame = pd.read_csv(path, sep=separator, nrows=300, dtype=str, keep_default_na=False, header=None if name == "gdelt" else 0)
    if name == "gdelt":
        with (SAMPLES / "GDELT_2.0_Events_Column_Labels_Header_Row_Sep2016.csv").open(encoding="utf-8", newline="") as labels:
            names = [row["tableId"] for row in csv.DictReader(labels)]
        frame.columns = names[: frame.shape[1]] if len(names) >= frame.shape[1] else [f"x{i}" for i in range(frame.shape[1])]
    return frame.rename(columns={column: "index" for column in frame.columns if column.startswith("Unnamed")})


def _r(frame, path):
    quoted = [["", *frame.columns], *([str(i), *row] for i, row in enumerate(frame.itertuples(index=False), start=1))]
    lines = (
        ",".join("NA" if not cell and at and row[0] else '"' + cell.replace('"', '""') + '"' for at, cell in enumerate(row))
        for row in quoted
    )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _stata_names(frame):
    """Names as Stata takes them."""
    return frame.rename(columns={name: re.sub(r"\W", "_", name)[:32] for name in frame.columns})


WRITERS = {
    "pandas.csv": lambda frame, path: frame.to_csv(path, index=False),
    "r.csv": _r,
    "excel.xlsx": lambda frame, path: frame.to_excel(path, index=False),
    "stata.dta": lambda frame, path: _stata_names(frame).to_stata(path, write_index=False, version=118),
    "lines.jsonl": lambda frame, path: frame.to_json(path, orient="records", lines=True),
    "table.parquet": lambda frame, path: frame.to_parquet(path),
}


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("name", ["made", *REAL])
@pytest.mark.filterwarnings("ignore::pandas.errors.InvalidColumnName")
def test_the_same_cells_come_back_from_every_writer(tmp_path, name, writer):
    frame = _made() if name == "made" else _real(name)
    path = tmp_path / writer
    WRITERS[writer](frame, path)
    raw = read(path)
    got = raw.frame
    assert raw.faults == ()
    if writer == "r.csv":
        assert got.columns[0] == ""
        got = got.drop("")
    wanted = _stata_names(frame) if writer == "stata.dta" else frame
    missing = {"", "NA"} if writer == "r.csv" else {""}
    assert got.columns == list(wanted.columns)
    cells = [[None if cell is None or cell in missing else cell for cell in row] for row in got.rows()]
    assert cells == [[None if cell in missing else cell for cell in row] for row in wanted.itertuples(index=False)]


def test_typed_columns_differ_in_the_form_of_numbers_alone(tmp_path):
    frame = pd.DataFrame({"actor": ["AZE", "ARM"], "deaths": [1, None], "whole": [3, 4]})
    got = {}
    for writer, write in WRITERS.items():
        if writer != "r.csv":
            write(frame, tmp_path / writer)
            got[writer] = read(tmp_path / writer).frame["deaths"].to_list()[0]
    assert got == {"pandas.csv": "1.0", "excel.xlsx": "1", "stata.dta": 1.0, "lines.jsonl": "1.0", "table.parquet": 1.0}


def test_a_gdelt_export_without_a_header_says_so():
    path = SAMPLES / REAL["gdelt"]
    if not path.is_file():
        pytest.skip(f"{path.name} does not lie beside this checkout")
    with pytest.raises(Unreadable) as caught:
        read(path)
    assert caught.value.code == "EC015"
