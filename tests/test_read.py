"""Readers of contributions: what people send comes back cell by cell, or a problem with a code says why not."""

import io
import zipfile

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from eventcode.contribute.read import KNOWN, Unreadable, batches, contributions_in, read
from eventcode.errors import InputError

HEADER = ["actor", "action", "target", "date", "source"]
ROWS = [["AZE", "042", "NKR", "2020-10-09", "Bucureşti"], ["ARM", "190", "", "2020-10-10", "one, two; three | four"]]
LETTERS = {"utf-8": "Bucureşti", "utf-8-sig": "東京", "utf-16": "Łódź", "cp1250": "Łódź", "cp1252": "São Tomé", "cp1251": "Москва"}


def sent(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def written(rows, separator=",", end="\n"):
    return "".join(separator.join(f'"{cell}"' for cell in row) + end for row in [HEADER, *rows])


def codes(raw):
    return [(fault.code, fault.row, fault.line, fault.column) for fault in raw.faults]


def refused(path, **how):
    with pytest.raises(Unreadable) as caught:
        list(batches(path, **how))
    assert caught.value.what
    assert caught.value.expected
    assert caught.value.fix
    return caught.value.code


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", LETTERS)
def test_text_comes_back_whatever_its_encoding_separator_and_line_end(tmp_path, encoding, separator, end):
    rows = [[*ROWS[0][:4], LETTERS[encoding]], ["ARM", "190", "a\nb" if end == "\n" else "ab", "", "x,y;z|w"]]
    raw = read(sent(tmp_path, "a.csv", written(rows, separator, end).encode(encoding)))
    assert raw.frame.columns == HEADER
    assert [[cell or "" for cell in row] for row in raw.frame.rows()] == rows
    assert (raw.rows.to_list(), raw.lines.to_list()) == ([1, 2], [2, 3])
    assert {fault.code for fault in raw.faults} <= ({"EC004"} if encoding.startswith("cp") else set())


@pytest.mark.parametrize(
    ("name", "text", "faults"),
    [
        ("a.csv", "actor,action\nAZE,1,2\n\nARM,190\n", [("EC007", 1, 2, "")]),
        ("a.csv", "actor,action\nA\0,190\n", [("EC010", 1, 2, "actor")]),
        ("a.csv", f"actor,action\n{'x' * 100_001},190\n", [("EC017", 1, 2, "actor")]),
        ("a.csv", "actor,action\r\nA\u2028B\x85C,190\r\n", []),
        ("a.csv", 'sep=;\nactor;action\nA;"b\nc"\nAZE;1;2\n', [("EC007", 2, 5, "")]),
        ("a.jsonl", '{"a": "1"}\n\nno\n{"a": 1, "a": 2}\n42\n', [("EC008", 3, 3, ""), ("EC019", 4, 4, "a"), ("EC009", 5, 5, "")]),
        ("a.jsonl", '{"a": "\\ud83d", "b": [1], "c": "\\u0000"}\n', [("EC010", 1, 1, "a"), ("EC018", 1, 1, "b"), ("EC010", 1, 1, "c")]),
        ("a.json", '[{"a": 1}, 3]', [("EC009", 2, None, "")]),
    ],
)
def test_a_fault_has_its_row_line_and_column(tmp_path, name, text, faults):
    assert codes(read(sent(tmp_path, name, text))) == faults


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.csv", b"\x89PNG\r\n\x1a\n", "EC001"),
        ("a.csv", b"PAR1", "EC001"),
        ("a.csv", '{"actor": "AZE"}\n', "EC001"),
        ("a.csv", bytes(range(256)), "EC001"),
        ("a.csv.gz", b"\x1f\x8b", "EC001"),
        ("a.xls", b"\xd0\xcf\x11\xe0", "EC001"),
        ("a.xlsx", "actor,action\n", "EC001"),
        ("a.jsonl", "actor,action\nAZE,190\n", "EC001"),
        ("a.xlsx", b"PK\x03\x04", "EC002"),
        ("a.parquet", b"PAR1 and no more", "EC002"),
        ("a.dta", b"<stata_dta>", "EC002"),
        ("a.json", '[{"a": 1},', "EC002"),
        ("a.csv", "", "EC003"),
        ("a.csv", "\n\n", "EC003"),
        ("a.csv", "actor,source\nA,\u0219\n".encode() + b"B,\xb3\n", "EC005"),
        ("a.csv", 'actor,action\nA,"b\n', "EC006"),
        ("a.csv", 'actor,action\nA,"b"c\n', "EC006"),
        ("a.json", "42", "EC009"),
        ("a.json", "null", "EC009"),
        ("a.json", '{"a": {"0": 1}, "b": {"0": 2}}\n\n', None),
        ("a.csv", "hello\nworld\n", "EC014"),
        ("a.csv", "5641\t20060731\tUSA\t\t010\n", "EC015"),
        ("a.csv", "actor,action,actor\n", "EC019"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path, name, data, code):
    path = sent(tmp_path, name, data)
    if code is None:
        assert {fault.code for fault in read(path).faults} == {"EC018"}
    else:
        assert refused(path) == code


def test_every_fault_of_a_workbook_is_told_and_a_cell_is_what_a_reader_sees(tmp_path):
    book = Workbook()
    book.active.title = "notes"
    book.active.append(["read", "this"])
    sheet = book.create_sheet("events")
    for row in (
        ["actor", "action", "n", "when", "sure"],
        ["AZE", 42, 3.0, pd.Timestamp("2020-10-09"), True],
        ["=A2", "#N/A", 2.5, None, None],
    ):
        sheet.append(row)
    sheet["B2"].number_format = "000"
    other = book.create_sheet("more")
    other.append(["actor"])
    other.append(["AZE"])
    path = tmp_path / "a.xlsx"
    book.save(path)
    raw = read(path)
    assert raw.form == "Excel, sheet 'events'"
    assert raw.frame.rows() == [("AZE", "042", "3", "2020-10-09", "true"), (None, None, "2.5", None, None)]
    assert codes(raw) == [("EC011", None, None, ""), ("EC012", 2, 3, "actor"), ("EC013", 2, 3, "action")]
    assert read(path, sheet="more").frame.rows() == [("AZE",)]
    with pytest.raises(InputError, match="no sheet"):
        read(path, sheet="none")


def test_a_workbook_whose_entities_grow_without_end_is_refused(tmp_path):
    path, bad = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    pd.DataFrame({"actor": ["AZE"]}).to_excel(path, index=False)
    laughs = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))
    with zipfile.ZipFile(path) as good, zipfile.ZipFile(bad, "w") as archive:
        for name in good.namelist():
            part = good.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                body = part.partition("?>")[2] if part.startswith("<?xml") else part
                part = f'<!DOCTYPE x [<!ENTITY a0 "ha">{laughs}]>{body.replace("<sheetData>", "<sheetData>&a9;")}'
            archive.writestr(name, part)
    assert refused(bad) == "EC002"


def test_parquet_and_stata_keep_their_types(tmp_path):
    table = pa.table(
        {
            "actor": pa.array(["AZE", None]).dictionary_encode(),
            "n": pa.array([1, None], pa.int8()),
            "share": pa.array([0.8, None], pa.float32()),
            "when": pa.array(pd.to_datetime(["2020-10-09 00:00", "2020-10-09 14:00"]).to_pydatetime(), pa.timestamp("us")),
            "sure": pa.array([True, None]),
            "sides": pa.array([["A"], None]),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    raw = read(tmp_path / "a.parquet")
    assert raw.frame.rows() == [("AZE", 1, 0.8, "2020-10-09", "true", None), (None, None, None, "2020-10-09 14:00:00", None, None)]
    assert codes(raw) == [("EC018", 1, None, "sides")]
    frame = pd.DataFrame(
        {"actor": ["AZE", ""], "n": [1, 2], "day": pd.to_datetime(["2020-10-09", None]), "kind": pd.Categorical(["a", "b"])}
    )
    frame.to_stata(tmp_path / "a.dta", write_index=False, convert_dates={"day": "td"})
    read_back = read(tmp_path / "a.dta").frame
    assert read_back.rows() == [("AZE", 1, pd.Timestamp("2020-10-09").date(), "a"), (None, 2, None, "b")]
    assert read_back.dtypes == [pl.String, pl.Int64, pl.Date, pl.String]


def made(tmp_path, ending):
    frame = pd.DataFrame({"actor": ["AZE", "ARM", "GEO", "RUS", "USA"], "action": ["190", "042", "010", "020", "030"]})
    path = tmp_path / f"made{ending}"
    {
        ".xlsx": lambda: frame.to_excel(path, index=False),
        ".dta": lambda: frame.to_stata(path, write_index=False),
        ".parquet": lambda: frame.to_parquet(path),
        ".json": lambda: frame.to_json(path, orient="records"),
    }.get(ending, lambda: frame.to_json(path, orient="records", lines=True) if "js" in ending else frame.to_csv(path, index=False))()
    return path


@pytest.mark.parametrize("ending", KNOWN)
def test_batches_of_two_are_one_read(tmp_path, ending):
    path = made(tmp_path, ending)
    whole, parts = read(path), list(batches(path, size=2))
    assert [part.frame.height for part in parts] == [2, 2, 1]
    assert read(path, size=2).frame.equals(whole.frame)
    assert read(path, size=2).rows.to_list() == whole.rows.to_list() == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("ending", [ending for ending in KNOWN if ending != ".txt"])
def test_standard_input_is_told_by_its_bytes(tmp_path, ending, monkeypatch):
    path = made(tmp_path, ending)
    with monkeypatch.context() as patch:
        patch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(path.read_bytes())))
        assert read("-").frame.equals(read(path).frame)


def test_columns_without_a_name_are_kept_apart(tmp_path):
    raw = read(sent(tmp_path, "a.csv", '"","actor",""\n"1","AZE","x"\n'))
    assert raw.frame.columns == ["", "actor", " "]


def test_notes_and_locks_in_a_folder_are_no_contributions(tmp_path):
    for name in ("b.csv", "a.xlsx", "~$a.xlsx", ".c.csv", "notes.txt", "d.md"):
        (tmp_path / name).touch()
    assert [path.name for path in contributions_in(tmp_path)] == ["a.xlsx", "b.csv"]
