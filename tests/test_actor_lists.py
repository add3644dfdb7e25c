"""Lists of actors: what can be wrong with them, those of a user's own, PETRARCH's, and names that are in none."""

import csv
from datetime import date

import pytest

from eventcode.coder import lists, names, petrarch
from eventcode.coder.articles import SourceArticle
from eventcode.coder.code import code
from eventcode.errors import InputError

FRIDAY = date(2024, 3, 15)
HEADER = "code,name,aliases,valid_from,valid_to"


@pytest.fixture
def listed(tmp_path):
    """Write a list and give its path."""

    def write(text, name="own.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def pairs(text, *files, day=FRIDAY):
    (coded,) = code([SourceArticle("a", text, day, {})], lists=tuple(map(str, files)))
    return [(r.actor, r.action, r.target) for r in coded.reports]


def test_the_lists_of_the_project_have_no_fault():
    assert [str(fault) for fault in lists.check()] == []


@pytest.mark.parametrize(
    ("row", "found", "expected"),
    [
        ("AZEXXX,Somebody,,,", "code 'AZEXXX'", "XXX is in none"),
        ("aze,Somebody,,,", "code 'aze'", "capital letters in chunks of three"),
        ("AZEGOVMOS,Somebody,,,", "code 'AZEGOVMOS'", "country or kind, then groups"),
        (",Somebody,,,", "code ''", "capital letters in chunks of three"),
        ("AZEGOV,,,,", "name ''", "the name as it is written"),
        ("AZEGOV,Somebody,,2020-02-30,", "valid_from '2020-02-30'", "YYYY-MM-DD"),
        ("AZEGOV,Somebody,,,20200101", "valid_to '20200101'", "YYYY-MM-DD"),
        ("AZEGOV,Somebody,,2021-01-01,2020-01-01", "valid_from 2021-01-01 is after valid_to 2020-01-01", "the earlier day first"),
        ("AZEGOV,Somebody,Some, Body,,", "6 cells", "5, as the header has"),
        ("ARMGOV,Zorban,,2020-01-01,", "'Zorban' is ARMGOV here and AZEGOV in ", "one code a day"),
        ("ARMGOV,Third,No One|Zorban,,", "'Zorban' is ARMGOV here and AZEGOV in ", "one code a day"),
    ],
)
def test_every_fault_names_file_line_found_and_expected(listed, row, found, expected):
    path = listed(f"{HEADER}\nAZEGOV,Zorban,,2000-01-01,\n{row}\n")
    (fault,) = lists.check(path)
    assert (fault.file, fault.line) == (str(path), 3)
    assert found in fault.found
    assert expected in fault.expected
    assert str(fault).startswith(f"{path}:3: ")


@pytest.mark.parametrize(
    ("column", "cell", "found"),
    [("kind", "people", "kind 'people'"), ("ambiguous", "maybe", "ambiguous 'maybe'")],
)
def test_optional_columns_are_checked_too(listed, column, cell, found):
    (fault,) = lists.check(listed(f"code,name,{column}\nAZEGOV,Somebody,{cell}\n"))
    assert (fault.line, fault.found) == (2, found)


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (",GOV,person", "no noun"),
        ("wizard,WIZ,person", "role 'WIZ'"),
        ("wizard,GOV,sorcerer", "kind 'sorcerer'"),
        ("wizard,,person", "no role for 'wizard'"),
        ("herald,MIL,person", "'herald' is MIL here and GOV in "),
    ],
)
def test_faults_of_agent_nouns(listed, row, found):
    (fault,) = lists.check(listed(f"noun,role,kind\nherald,GOV,person\n{row}\n"))
    assert fault.line == 3
    assert fault.found.startswith(found)


def test_a_clash_between_two_lists_of_one_load_is_found_and_can_be_declared(listed):
    one = listed(f"{HEADER}\nAZEGOV,Zorban,,,\n", "one.csv")
    two = listed(f"{HEADER}\nARMGOV,Zorban,,,\n", "two.csv")
    (fault,) = lists.check(one, two)
    assert (fault.file, fault.line) == (str(two), 2)
    declared = listed("code,name,ambiguous\nARMGOV,Zorban,yes\n", "declared.csv")
    assert lists.check(one, declared) == []
    assert pairs("Zorban criticized France.", one, declared) == [("AZEGOV", "111", "FRA")]


def test_terms_that_follow_each_other_do_not_clash(listed):
    path = listed(f"{HEADER}\nAZEGOV,Zorban,,,2020-12-31\nARMGOV,Zorban,,2021-01-01,\n")
    assert lists.check(path) == []
    assert pairs("Zorban criticized France.", path, day=date(2019, 1, 1)) == [("AZEGOV", "111", "FRA")]
    assert pairs("Zorban criticized France.", path) == [("ARMGOV", "111", "FRA")]


def test_a_needless_declaration_of_a_clash_is_a_fault(monkeypatch):
    monkeypatch.setattr(
        lists, "_table", lambda name: iter([(2, {"name": "Atlantis", "code": "AZE", "reason": "none"})] if "clashes" in name else [])
    )
    assert "'Atlantis' as AZE" in [fault.found for fault in lists.check()]


def test_a_context_without_words_or_with_an_unknown_code_is_a_fault(monkeypatch):
    rows = [(2, {"name": "Georgia", "code": "AZEXXX", "words": ""})]
    monkeypatch.setattr(lists, "_table", lambda name: iter(rows if "contexts" in name else []))
    assert [(f.file, f.line, f.found) for f in lists.check()] == [("contexts.csv", 2, "code 'AZEXXX'"), ("contexts.csv", 2, "no words")]


def test_all_faults_stop_the_coding_at_once(listed):
    path = listed(f"{HEADER}\nAZEXXX,Somebody,,,\nAZEGOV,,,,\n")
    with pytest.raises(InputError, match=r"(?s)2 faults in the lists of actors.*own\.csv:2: code 'AZEXXX'.*own\.csv:3: name ''"):
        names.load((str(path),))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"actor,label\nAZE,Baku\n", "the columns are actor, label"),
        (b"", "the columns are none"),
        (b"code,name\nAZE,\xff\n", "is not UTF-8"),
        (b'code,name\nAZE,"Baku\n', "not CSV"),
    ],
)
def test_what_is_no_list_cannot_be_read(tmp_path, content, message):
    path = tmp_path / "own.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        lists.read(path)


def test_a_list_of_ones_own_adds_names_and_wins_over_ours(listed):
    path = listed(f"{HEADER}\nDEUBUS,Quandel Works,Quandel,,\nFRAMIL,Turkey,,2024-01-01,2024-12-31\n")
    text = "Quandel criticized Turkey."
    assert pairs(text, path) == [("DEUBUS", "111", "FRAMIL")]
    assert pairs(text, path, day=date(2023, 1, 1)) == [("DEUBUS", "111", "TUR")]
    assert ("DEUBUS", "111", "FRAMIL") not in pairs(text)


def test_agent_nouns_of_ones_own(listed):
    path = listed("noun,role,kind\nwarlock,GOV,person\n", "agents.csv")
    assert pairs("The French warlock criticized Germany.", path) == [("FRAGOV", "111", "DEU")]


def test_lists_are_independent_of_each_other(listed):
    before = names.load()
    own = names.load((str(listed(f"{HEADER}\nFRAMIL,Turkey,,,\n")),))
    assert names.load() is before
    assert "FRAMIL" not in {e.code for group in before.names.groups["Turkey"] for e in group}
    assert own.names.groups["Turkey"][0][0].code == "FRAMIL"


@pytest.mark.parametrize(
    ("name", "day", "expected"),
    [
        ("Kremlin", date(1985, 1, 1), "SUNGOV"),
        ("Kremlin", FRIDAY, "RUSGOV"),
        ("Kremlin", None, "RUSGOV"),
        ("Aden", date(1985, 1, 1), "YMD"),
        ("Aden", None, "YEM"),
    ],
)
def test_a_declared_clash_goes_to_the_code_that_holds_first(name, day, expected):
    assert names._valid(names.load().names.groups[name], day).code == expected


# -- PETRARCH ---------------------------------------------------------------------------------------------------

ACTORS = """<!-- a dictionary
of our own making -->
# a comment
ZORBAN_DRAGO_ # who
+Z._DRAGO_
\t[FRAGOV 900101-931231] # in office
\t[FRAELI >931231][FRAOPP <900101]
GLIMMER_INSTITUTE_ [DEUEDU]
ZZ_ [JPN]
MIDDLE_EARTH_ [HOB]
+THE_SHIRE
ROHAN [ROHGOV]
"""


def test_a_petrarch_dictionary_gives_names_in_any_case_with_their_days(listed):
    path = listed(ACTORS, "own.actors.txt")
    with pytest.warns(UserWarning, match=r"own\.actors\.txt: 2 entries left out, their 2 codes are none of ours: HOB \(1\), ROHGOV \(1\)"):
        lists_ = names.load((str(path),))
    assert lists.check(path) == []
    assert set(lists_.any_case.groups) == {"zorban drago", "z . drago", "glimmer institute", "zz"}
    for day, expected in [(date(1989, 5, 1), "FRAOPP"), (date(1991, 5, 1), "FRAGOV"), (FRIDAY, "FRAELI")]:
        assert pairs("Zorban Drago criticized the Glimmer Institute.", path, day=day) == [(expected, "111", "DEUEDU")]
    assert pairs("ZZ criticized Germany.", path) == [("JPN", "111", "DEU")]
    assert pairs("Zz criticized Germany.", path) == [(None, "111", "DEU")]  # nobody that the lists know


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("X_Y_ [FRAGOV 901301]", "[FRAGOV 901301]"),
        ("X_Y_ [FRAGOV <9001]", "[FRAGOV <9001]"),
        ("X_Y_ [FRAGOV 950101-900101]", "the term ends before it begins"),
        ("X_Y_ [FRAGOV", "'X_Y_ [FRAGOV'"),
    ],
)
def test_faults_of_a_petrarch_dictionary_have_their_line(line, found):
    (fault,) = petrarch.read(f"# one\n\n{line}\n", "own.txt").faults
    assert fault.line == 3
    assert found in fault.found


def test_petrarch_agents_with_sets_and_plurals(listed):
    path = listed(
        "!PERSON! = MAN, MEN\nQUARREL!PERSON! [~MIL]\nZIFF {ZIFFEN} [~CRM] # odd\nROYAL_HERALD_ {} [~GOV]\nWIZARD [~WIZ]\n",
        "own.agents.txt",
    )
    read = lists.read(path)
    assert [(agent.noun, agent.role) for agent in read.agents] == [
        ("quarrelman", "MIL"), ("quarrelmen", "MIL"), ("ziff", "CRM"), ("ziffen", "CRM"), ("royal herald", "GOV"),
    ]  # fmt: skip
    assert read.warnings == [f"{path}: 1 entries left out, their 1 codes are none of ours: ~WIZ (1)"]
    with pytest.warns(UserWarning, match="~WIZ"):
        assert pairs("The French royal herald criticized Germany.", path) == [("FRAGOV", "111", "DEU")]


# -- as people run it -------------------------------------------------------------------------------------------

ARTICLE = "Zorban Drago criticized Germany. Russia condemned the Glimmer Institute. Zorban Drago met Putin."


def test_unknown_actors_are_written_completed_and_given_back(eventcode, tmp_path):
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    ran = eventcode("code", "a.txt", "-o", "out.jsonl", "--unknown-actors", "unknown.csv", folder=tmp_path)
    assert ran.code == 0, ran.err
    with (tmp_path / "unknown.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["name", "kind", "count", "example", "code", "valid_from", "valid_to", "aliases"]
    assert [(r["name"], r["count"], r["code"]) for r in rows] == [("Zorban Drago", "2", ""), ("Glimmer Institute", "1", "")]
    assert (rows[0]["kind"], rows[0]["example"]) == ("PERSON", "Zorban Drago criticized Germany.")
    rows[0]["code"] = "FRAGOV"
    with (tmp_path / "unknown.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    (read,) = lists.read_all([tmp_path / "unknown.csv"])
    assert [(row.name, row.code, row.kind) for row in read.rows] == [("Zorban Drago", "FRAGOV", "persons")]
    assert read.warnings == [f"{tmp_path / 'unknown.csv'}: 1 rows left out, their code is empty"]
    with pytest.warns(UserWarning, match="their code is empty"):
        names.load((str(tmp_path / "unknown.csv"),))
    ran = eventcode("code", "a.txt", "--actors", str(tmp_path / "unknown.csv"), "--unknown-actors", "left.csv", folder=tmp_path)
    assert '"actor": "FRAGOV", "action": "111", "target": "DEU"' in ran.out
    assert "Zorban" not in (tmp_path / "left.csv").read_text(encoding="utf-8")


def test_actors_check_prints_a_line_a_fault(eventcode, tmp_path, listed):
    listed(f"{HEADER}\nAZEXXX,Somebody,,,\nAZEGOV,,,,\n")
    ran = eventcode("actors", "check", "own.csv", folder=tmp_path)
    assert ran.code == 1
    assert [line.split(";")[0] for line in ran.out.splitlines()] == ["own.csv:2: code 'AZEXXX'", "own.csv:3: name ''"]
    assert "1 lists, 2 names, 0 agent nouns, 2 faults" in ran.err


def test_actors_check_without_files_checks_ours(eventcode):
    ran = eventcode("actors", "check")
    assert (ran.code, ran.out) == (0, "")
    assert "0 faults" in ran.err


def test_actors_check_of_what_is_no_list(eventcode, tmp_path):
    ran = eventcode("actors", "check", "nowhere.csv", folder=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "nowhere.csv: no such file; expected a list of actors" in ran.err


def test_code_with_a_faulty_list_codes_nothing(eventcode, tmp_path, listed):
    listed(f"{HEADER}\nAZEXXX,Somebody,,,\n", "faulty.csv")
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    ran = eventcode("code", "a.txt", "-o", "out.jsonl", "--actors", "faulty.csv", folder=tmp_path)
    assert ran.code == 2
    assert "faulty.csv:2: code 'AZEXXX'" in ran.err
    assert not (tmp_path / "out.jsonl").exists()
