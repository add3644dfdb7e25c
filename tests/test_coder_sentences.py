"""Single sentences, written for this purpose, and what they report."""

import csv
from datetime import date
from pathlib import Path

import pytest

from eventcode import resources
from eventcode.coder import lexicon
from eventcode.coder.articles import SourceArticle
from eventcode.coder.code import code, code_text
from eventcode.coder.names import load
from eventcode.errors import InputError
from eventcode.model import grammar
from eventcode.resources import codes

with (Path(__file__).parent / "data" / "sentences.csv").open(encoding="utf-8", newline="") as file:
    SENTENCES = [
        pytest.param(row["sentence"], row["expected"], marks=[pytest.mark.xfail(strict=True, reason=row["known"])] if row["known"] else [])
        for row in csv.DictReader(file)
    ]
FRIDAY = date(2024, 3, 15)


@pytest.mark.parametrize(("sentence", "expected"), SENTENCES)
def test_sentence(sentence, expected):
    found = [
        " ".join(part or "-" for part in (r.actor, r.action, r.target, r.status, r.attributed_to))
        for r in code_text(sentence, published=FRIDAY)
    ]
    assert found == [part for part in expected.split("; ") if part]


def test_a_weekday_is_read_from_the_publication_date():
    (report,) = code_text("Russia bombed Syria on Tuesday.", published=FRIDAY)
    assert (report.date, report.date_precision, report.date_basis) == (date(2024, 3, 12), "day", "relative")


def test_without_a_publication_date_the_day_stays_unknown():
    (report,) = code_text("Russia bombed Syria on Tuesday.")
    assert (report.date, report.date_precision, report.date_basis) == (None, None, None)


def test_without_a_stated_day_the_publication_date_counts_and_says_so():
    (report,) = code_text("Russia bombed Syria.", published=FRIDAY)
    assert (report.date, report.date_basis) == (FRIDAY, "publication")


def test_a_year_long_ago_makes_it_historical():
    (report,) = code_text("In 1980 Iraq invaded Iran.", published=FRIDAY)
    assert (report.status, report.date_precision) == ("historical", "year")


def test_offices_are_those_of_the_day():
    sentence = "Serzh Sargsyan criticized Turkey."
    actors = [code_text(sentence, published=date(year, 6, 1))[0].actor for year in (2012, 2023)]
    assert actors == ["ARMGOV", "ARMELI"]


def test_the_same_text_gives_the_same_reports_whatever_was_coded_before():
    texts = ["Russia bombed Syria.", "He praised Turkey."]
    together = list(code(SourceArticle(str(i), text, FRIDAY, {}) for i, text in enumerate(texts)))
    alone = [next(iter(code([SourceArticle(str(i), text, FRIDAY, {})]))) for i, text in enumerate(texts)]
    assert [c.reports for c in together] == [c.reports for c in alone]


def test_min_confidence_leaves_out_what_is_less_sure():
    articles = [SourceArticle("a", "Russia bombed Syria. Stepanakert was shelled.", FRIDAY, {})]
    everything = next(iter(code(articles))).reports
    sure = next(iter(code(articles, min_confidence=0.6))).reports
    assert 0 < len(sure) < len(everything)
    assert all(r.confidence >= 0.6 for r in sure)


def test_an_empty_text_gives_nothing():
    assert code_text("") == ()
    assert code_text(" \n\n ") == ()


def test_every_name_and_agent_has_a_well_formed_code():
    lists = load()
    found = {entry.code for groups in lists.names.groups.values() for options in groups for entry in options}
    assert {code for code in found if not grammar.is_actor(code)} == set()
    roles = {role for role, _ in lists.agents.values() if role}
    assert {role for role in roles if not grammar.is_actor(role if role[:3] in grammar.international() else f"USA{role}")} == set()


def test_no_name_means_two_things_on_one_day():
    """Within a list; between lists the order of the lists decides."""
    clashes = []
    for kind in ("persons", "organizations", "groups", "bodies", "places"):
        seen: dict[str, list[tuple[str, str, str]]] = {}
        for row in resources.rows(f"actors/{kind}"):
            for name in {row["name"], *(a for a in row["aliases"].split("|") if a)}:
                period = (row["valid_from"] or "0000", row["valid_to"] or "9999", row["code"])
                clashes += [
                    (name, row["code"], other)
                    for start, end, other in seen.get(name, [])
                    if period[0] <= end and start <= period[1] and other != row["code"]
                ]
                seen.setdefault(name, []).append(period)
    assert clashes == []


def test_every_row_of_the_lexicon_is_read_and_has_a_known_code():
    rules = [row for rows in lexicon.load().values() for row in rows]
    assert {row.code for row in rules} <= codes("actions")
    assert len({row.code for row in rules}) >= 280


@pytest.mark.parametrize(
    ("when", "message"),
    [("objekt=*", "no such place in a sentence: 'objekt'"), ("obj=@nosuchset", "no such set of words: @nosuchset")],
)
def test_a_wrong_row_of_the_lexicon_is_named(when, message):
    row = {"code": "190", "trigger": "attack", "pos": "V", "when": when, "target": "", "source": "", "both": ""}
    with pytest.raises(ValueError, match=message):
        lexicon.patterns(row, {})


def test_the_lexicon_names_file_and_line_of_a_wrong_row(monkeypatch, tmp_path):
    (tmp_path / "lexicon").mkdir()
    (tmp_path / "lexicon" / "sets.csv").write_text("set,word\n", encoding="utf-8")
    (tmp_path / "lexicon" / "19.csv").write_text("code,trigger,pos,when,target,source,both\n190,attack,V,nowhere=*,,,\n", encoding="utf-8")
    monkeypatch.setattr(resources, "SCHEMA", tmp_path)
    resources.rows.cache_clear()
    lexicon.load.cache_clear()
    try:
        with pytest.raises(InputError, match=r"19\.csv:2"):
            lexicon.load()
    finally:
        monkeypatch.undo()
        resources.rows.cache_clear()
        lexicon.load.cache_clear()


def _shares(column):
    rows = resources.rows("actions")
    found = [{r.action for r in c.reports} for c in code(SourceArticle(row["code"], row[column], None, {}) for row in rows)]
    return sum(row["code"] in actions for row, actions in zip(rows, found, strict=True)) / len(rows)


def test_most_examples_of_the_codebook_get_their_code():
    assert _shares("example") >= 0.83


def test_few_decoys_of_the_codebook_get_the_code_they_look_like():
    assert _shares("decoy") <= 0.06


@pytest.mark.parametrize(
    ("text", "actors"),
    [
        ("Russian forces shelled Kharkiv on Monday. Ukrainian police said three people were killed.", {"RUSMIL", "UKRCOP"}),
        ("Police in Dallas said officers shot a man. The officers arrested a suspect.", {"USACOP"}),
        ("Officers overthrew President Bazoum of Niger and arrested him.", {"NERMIL"}),
        ("South Sudan's army attacked Ugandan rebels.", {"SSDMIL"}),
        ("Sheriff Wade Corliss criticized the senator.", {"COP"}),
        ("Pakistani Kashmiris protested against India.", {"PAKKASCVL"}),
        ("Hausa and Yoruba youths clashed in Lagos.", {"NGAHAUYTH", "NGAYORYTH"}),
        ("Tamil-speaking protesters attacked police in India.", {"INDOPP", "INDCVL"}),
        ("The Workers' Party in Brazil criticized President Temer.", {"BRAPTY"}),
        ("The Italian prime minister resigned. Giorgia Santangelo then criticized France.", {"ITAGOV"}),
    ],
)
def test_who_acts(text, actors):
    found = {r.actor for r in code_text(text) if r.actor}
    assert found
    assert found <= actors


def test_who_is_not_a_namesake_of_the_list():
    assert not any(
        "SEN" in (code or "") for r in code_text("Wade Corliss met Canadian ministers in Ottawa.") for code in (r.actor, r.target)
    )


def test_an_unsure_report_is_given_where_it_is_asked_for():
    text = "It was said that people may have been killed in the wars. Azerbaijan attacked Armenia."
    article = SourceArticle("a", text, FRIDAY, {})
    (some,), (everything,) = code([article]), code([article], min_confidence=0)
    assert all(r.confidence >= 0.04 for r in some.reports)
    assert len(some.reports) < len(everything.reports)
    assert len(everything.known) == len(everything.likely) == len(everything.reports)
