"""Articles from every kind of file that people have, and errors that say where."""

import csv
import hashlib
import io
import json
import re
import sys
import unicodedata
from datetime import date

import handmade
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from eventcode.coder import articles, nlp
from eventcode.coder.articles import UnreadableDate, UnusableId, read, slug
from eventcode.errors import InputError

TEXT = "Russia accused Turkey of arming the rebels."
PAGE = f"""<html><head><title>Moscow accuses Ankara</title><meta property="article:published_time" content="2020-10-09">
<meta property="og:site_name" content="The Post"></head>
<body><nav>Home News Sport</nav><article><h1>Moscow accuses Ankara</h1><p>{TEXT} {"The ministry said so in a long statement. " * 8}</p>
<p>{"Ankara denied it in a statement that was as long. " * 8}</p></article><footer>All rights reserved</footer></body></html>"""


def one(path):
    (found,) = read([path])
    return found


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def test_txt_is_all_text(tmp_path):
    path = tmp_path / "Moscow Talks (1).txt"
    path.write_text(TEXT, encoding="utf-8")
    found = one(path)
    assert (found.id, found.text, found.published) == ("moscow-talks-1", TEXT, None)
    assert found.details == {"sha256": sha256(TEXT), "text_basis": "original"}


def test_md_with_front_matter(tmp_path):
    path = tmp_path / "a.md"
    path.write_text(
        f'---\narticle_id: post-1\ntitle: "Accused: Ankara"\npublisher: Post\npublished: 2020-10-09\nmood: bleak\n---\n{TEXT}\n',
        encoding="utf-8",
    )
    found = one(path)
    assert (found.id, found.text, found.published) == ("post-1", f"{TEXT}\n", date(2020, 10, 9))
    assert found.details["title"] == "Accused: Ankara"
    assert set(found.details) == {"title", "publisher", "sha256", "text_basis"}


def test_md_without_front_matter_is_all_text(tmp_path):
    path = tmp_path / "a.md"
    path.write_text(f"# Talks\n\n{TEXT}\n\n---\n\nMore.\n", encoding="utf-8")
    assert one(path).text == f"# Talks\n\n{TEXT}\n\n---\n\nMore.\n"


def test_html_gives_the_article_and_what_the_page_says_of_it(tmp_path):
    path = tmp_path / "page.html"
    path.write_text(PAGE, encoding="utf-8")
    found = one(path)
    assert TEXT in found.text
    assert "Home News Sport" not in found.text
    assert (found.id, found.published) == ("page", date(2020, 10, 9))
    assert (found.details["title"], found.details["publisher"]) == ("Moscow accuses Ankara", "The Post")
    assert found.details["sha256"] == sha256(PAGE)


ROWS = [
    {"id": "x1", "text": TEXT, "published": "2020-10-09", "publisher": "Post", "title": "One", "link": "https://example.org/1"},
    {"id": "x2", "text": "Line one.\nLine two, with a “quote”.", "published": "2020-10-10T08:30:00Z"},
]


def test_jsonl(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text("\n\n".join(json.dumps(row) for row in ROWS) + "\n", encoding="utf-8")
    first, second = read([path])
    assert (first.id, first.text, first.published) == ("x1", TEXT, date(2020, 10, 9))
    assert first.details == {"title": "One", "publisher": "Post", "link": "https://example.org/1"}
    assert (second.text, second.published) == (ROWS[1]["text"], date(2020, 10, 10))


def test_csv(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f'id,date,text\n007,2020-10-09,"{TEXT}"\n008,,"Line one.\nLine two."\n', encoding="utf-8")
    first, second = read([path])
    assert (first.id, first.text, first.published) == ("007", TEXT, date(2020, 10, 9))
    assert (second.id, second.text, second.published) == ("008", "Line one.\nLine two.", None)


def test_parquet(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"id": ["p1", "p2"], "text": [TEXT, "Two."], "published": [date(2020, 10, 9), None]}), path)
    first, second = read([path])
    assert (first.id, first.text, first.published) == ("p1", TEXT, date(2020, 10, 9))
    assert (second.id, second.published) == ("p2", None)


def test_standard_input_is_json_lines(monkeypatch):
    raw = "".join(json.dumps(row) + "\n" for row in ROWS).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    assert [article.id for article in read(["-"])] == ["x1", "x2"]


def test_ids_are_made_from_the_place_where_none_are_given(tmp_path):
    path = tmp_path / "My News.jsonl"
    path.write_text('{"text": "One."}\n{"text": "Two."}\n', encoding="utf-8")
    assert [article.id for article in read([path])] == ["my-news-1", "my-news-2"]


def test_marked_pairs_are_read_from_lists_and_from_text(tmp_path):
    rows = tmp_path / "a.jsonl"
    rows.write_text(json.dumps({"text": TEXT, "source_span": [0, 6], "target_span": [15, 21]}) + "\n", encoding="utf-8")
    assert (one(rows).source_span, one(rows).target_span) == ((0, 6), (15, 21))
    cells = tmp_path / "a.csv"
    cells.write_text(f'text,source_span,target_span\n{TEXT},"[0, 6]",\n', encoding="utf-8")
    assert (one(cells).source_span, one(cells).target_span) == ((0, 6), None)


def test_a_folder_gives_its_articles_by_name_and_leaves_the_rest(tmp_path):
    for name in ("b.txt", "a.TXT", "notes.docx", "table.xlsx"):
        (tmp_path / name).write_text("Text.", encoding="utf-8")
    assert [article.id for article in read([tmp_path])] == ["a", "b"]


def test_the_seeds_are_read_with_their_front_matter():
    found = list(read([handmade.SEEDS]))
    assert len(found) == 5
    for article in found:
        assert article.published is not None
        assert set(article.details) >= {"title", "publisher", "language", "sha256", "text_basis"}
        assert article.details["text_basis"] == "retold"
        assert f"{article.id}.md" in {path.name for path in handmade.SEEDS.iterdir()}


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Ärger.txt", "arger"), ("...", "article"), ("a_b.c.d.md", "a_b.c.d"), ("x/y/Z z.txt", "z-z"), ("2020 10.txt", "2020-10")],
)
def test_slugs(name, expected):
    assert slug(name) == expected


def test_names_in_other_letters_give_ids_that_differ(tmp_path):
    names = ["Война.txt", "Мир.txt", "Мир 12.txt", "Война 12.txt"]
    for name in names:
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    found = [article.id for article in read([tmp_path])]
    assert len(set(found)) == 4
    assert all(re.fullmatch(r"(article|12)-[0-9a-f]{8}", each) for each in found)
    assert slug(unicodedata.normalize("NFD", "Чайка.txt")) == slug("Чайка.txt")


def lines(path, *rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_ids_that_are_no_text_are_kept_as_text(tmp_path):
    path = lines(tmp_path / "a.jsonl", {"id": 0, "text": TEXT}, {"id": 1, "text": TEXT}, {"article_id": "", "id": None, "text": TEXT})
    assert [article.id for article in read([path])] == ["0", "1", "a-3"]


@pytest.mark.parametrize("identifier", ["a b", "-a", "я", "a" * 121, "a/b"])
def test_ids_that_cannot_be_contributed_are_warned_of(tmp_path, identifier):
    with pytest.warns(UnusableId, match=r"a\.jsonl:1: the article's id is .*at most 120 letters") as warned:
        assert one(lines(tmp_path / "a.jsonl", {"id": identifier, "text": TEXT})).id == identifier
    assert len(warned) == 1


def test_lists_in_what_is_known_of_an_article_are_joined(tmp_path):
    known = one(lines(tmp_path / "a.jsonl", {"text": TEXT, "author": ["A. One", "B. Two"], "title": 7})).details
    assert known == {"author": "A. One, B. Two", "title": "7"}
    (tmp_path / "a.md").write_text(f"---\ntitle: [a, b]\nauthor: []\n---\n{TEXT}", encoding="utf-8")
    found = one(tmp_path / "a.md").details
    assert (found["title"], "author" in found) == ("a, b", False)


def test_a_cell_of_any_length_is_read(tmp_path):
    (tmp_path / "a.csv").write_text(f"id,text\n1,{'war ' * 50_000}\n", encoding="utf-8")
    assert len(one(tmp_path / "a.csv").text) == 200_000
    assert csv.field_size_limit() == 2**31 - 1  # what a C long holds on Windows


def test_a_cell_that_is_too_long_is_said_so(tmp_path, monkeypatch):
    monkeypatch.setattr(articles, "_LONGEST_CELL", 10)
    (tmp_path / "a.csv").write_text(f"id,text\n1,{TEXT}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.csv: the file is not CSV \(field larger than field limit"):
        one(tmp_path / "a.csv")


def test_long_texts_are_parsed_in_pieces_that_leave_no_trace(monkeypatch):
    text = "He left.\n\nTurkey bombed Syria on Tuesday. France condemned “it.”  Moscow did not. " * 4
    (whole,) = nlp.parse([text])
    monkeypatch.setattr(nlp, "LONGEST", 100)
    short, found, last = nlp.parse(["It rained.", text, "It snowed."])
    assert (short.text, last.text) == ("It rained.", "It snowed.")
    assert found.text == whole.text == text
    assert [(t.text, t.idx) for t in found] == [(t.text, t.idx) for t in whole]
    assert [s.text for s in found.sents][:4] == [s.text for s in whole.sents][:4]
    assert all(token.sent == token.head.sent for token in found)


@pytest.mark.parametrize("text", ["war" * 100, "war " * 100])
def test_texts_without_sentences_are_parsed_too(monkeypatch, text):
    monkeypatch.setattr(nlp, "LONGEST", 50)
    (found,) = nlp.parse([text])
    assert found.text == text


def test_a_text_longer_than_spacy_takes_is_parsed(monkeypatch):
    monkeypatch.setattr(nlp.pipeline(), "max_length", 200)
    monkeypatch.setattr(nlp, "LONGEST", 200)
    (found,) = nlp.parse([TEXT * 30])
    assert found.text == TEXT * 30


@pytest.mark.parametrize("newline", ["\r\n", "\n"])
def test_a_byte_order_mark_and_windows_lines_do_no_harm(tmp_path, newline):
    path = tmp_path / "a.csv"
    path.write_bytes(f"\ufeffid,text{newline}1,{TEXT}{newline}".encode())
    assert (one(path).id, one(path).text) == ("1", TEXT)


def test_an_unreadable_date_is_warned_of_and_left_out(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": TEXT, "published": "last Tuesday"}) + "\n", encoding="utf-8")
    with pytest.warns(UnreadableDate, match=r"a\.jsonl:1: published is 'last Tuesday'"):
        assert one(path).published is None


@pytest.mark.parametrize(
    ("name", "raw", "message"),
    [
        ("a.jsonl", b'{"text": "One."}\n{"text": \n', r"a\.jsonl:2: the line is not JSON"),
        ("a.jsonl", b'{"text": "One."}\n["two"]\n', r"a\.jsonl:2: the line holds a list; expected a JSON object"),
        ("a.jsonl", b'{"body": "One."}\n', r"a\.jsonl:1: there is no text; expected a column or key `text`"),
        ("a.jsonl", b'{"text": null}\n', r"a\.jsonl:1: there is no text"),
        ("a.csv", b"id,body\n1,One.\n", r"a\.csv:1: there is no text"),
        ("a.txt", b"caf\xe9", r"a\.txt: byte 3 is not UTF-8; expected text in UTF-8; save the file as UTF-8"),
        ("a.md", b"---\ntitle: [\n---\nText.\n", r"a\.md: the front matter is not YAML"),
        ("a.html", b"<html><body></body></html>", r"a\.html: no article text was found"),
        ("a.parquet", b"no table", r"a\.parquet: the file is not Parquet"),
        ("a.jsonl", b'{"text": "One \\ud800."}\n', r"a\.jsonl:1: '\\ud800' is half a character; expected whole characters"),
        ("a.jsonl", b'{"text": "One.", "title": "\\udc00"}\n', r"a\.jsonl:1: '\\udc00' is half a character"),
        ("a.jsonl", b'{"text": "One.", "id": "\\ud800"}\n', r"a\.jsonl:1: '\\ud800' is half a character"),
        ("a.jsonl", b'{"text": "One.", "title": {"en": "One"}}\n', r"a\.jsonl:1: a value is \{'en': 'One'\}; expected text"),
        ("a.jsonl", b'{"text": "One.", "title": [["One"]]}\n', r"a\.jsonl:1: a value is \[\['One'\]\]; expected text"),
        ("a.jsonl", b'{"text": "One.", "source_span": [Infinity, 1]}\n', r"a\.jsonl:1: a span is \[inf, 1\]"),
        ("a.jsonl", b"[" * 100_000 + b"\n", r"a\.jsonl:1: the line is not JSON"),
        ("a.md", b'---\ntitle: "\\ud800"\n---\nText.\n', r"a\.md: '\\ud800' is half a character"),
        ("a.md", b"---\n- a\n- b\n---\nText.\n", r"a\.md: the front matter is \['a', 'b'\]; expected key: value lines"),
        ("a.md", b"---\nOne.\n---\nText.\n", r"a\.md: the front matter is 'One\.'"),
        ("a.md", b"---\npublished: 2020-13-41\n---\nText.\n", r"a\.md: the front matter is not YAML \(month must be"),
        ("a.docx", b"PK", r"a\.docx: cannot read files that end in '\.docx'; expected a folder or a file that ends in \.txt"),
        ("a.jsonl", b'{"id": "x", "text": "One."}\n{"id": "x", "text": "Two."}\n', "two articles have the id 'x'"),
    ],
)
def test_errors_say_where(tmp_path, name, raw, message):
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(InputError, match=message):
        list(read([tmp_path / name]))


def test_paths_that_hold_no_articles(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        list(read([tmp_path / "none.txt"]))
    with pytest.raises(InputError, match="the folder holds no articles"):
        list(read([tmp_path]))
