"""Annotation tools: what is exported comes back, what people mark becomes rows, and what cannot be used is said."""

import json
import re
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import handmade
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from eventcode.coder.articles import SourceArticle, read
from eventcode.coder.code import code
from eventcode.errors import InputError
from eventcode.interop import brat, conll, fields, files, label_studio, label_studio_read, marks, sentences
from eventcode.interop.offsets import from_utf16
from eventcode.model.tables import STATUS
from eventcode.resources import codes, rows

DATA = Path(__file__).parent / "data" / "interop"
ME = "person:anna"


# -- what is exported comes back ------------------------------------------------------------------------------------


def split(text):
    """Sentences that need no parser: stretches without a full stop or a line break."""
    return [match.span() for match in re.finditer(r"[^.\n]+", text)]


CHARACTERS = "abAZ09 .,\n\n\t\r'#|\"\\е🙂🇦\u0301é\u200b\x85\u2028\u00a0\ufeff"


@st.composite
def documents(draw):
    """An article and reports of it; words may overlap, stand in several places, run over lines, or be missing."""
    text = draw(st.text(CHARACTERS, min_size=1, max_size=50).filter(str.strip))
    solid = [n for n, character in enumerate(text) if not character.isspace()]

    def span():
        a, b = draw(st.sampled_from(solid)), draw(st.sampled_from(solid))
        return min(a, b), max(a, b) + 1

    def words():
        return text[slice(*span())] if draw(st.booleans()) else None

    reports = []
    for _ in range(draw(st.integers(0, 4))):
        start, end = span()
        actor, target = draw(st.sampled_from([("AZEMIL", "ARM"), ("AZE", None), (None, "NKR"), (None, None)]))
        reports.append(
            {
                "actor": actor,
                "action": draw(st.sampled_from(["190", "042", "1831", "01"])),
                "target": target,
                "date": draw(st.sampled_from(["2020-10-09", None])),
                "source": "a1",
                "status": draw(st.sampled_from([*STATUS, None])),
                "attributed_to": draw(st.sampled_from(["ARMGOV", None])),
                "actor_text": words(),
                "target_text": words(),
                "sentence": sentences.number(split(text), start),
                "start": start,
                "end": end,
                "trigger": text[start:end],
                "coder": ME,
            }
        )
    return text, reports


def document(text, reports):
    article = SourceArticle("a1", text, date(2020, 10, 10), {"title": "Talks"})
    made = marks.marked([article], {"a1": reports})
    assert (made.unusable, made.without_words, made.not_carried) == ((), 0, ())
    return made.documents[0]


def assert_back(made, reports):
    assert made.unusable == ()
    assert list(made.rows) == reports


def accepted(task, by=7):
    """A task as Label Studio exports it, once somebody has accepted its prediction unchanged."""
    result = [each for prediction in task.pop("predictions") for each in prediction["result"]]
    for each in result:
        if each["type"] == "labels":
            each["value"]["text"] = re.sub("[\n\r]", r"\\n", each["value"]["text"])
    return {**task, "id": 1, "annotations": [{"id": 2, "completed_by": by, "was_cancelled": False, "result": result}]}


@given(documents())
@example(("AZE\nMIL", [dict.fromkeys(["target", "date", "status", "attributed_to", "actor_text", "target_text"]) | {
    "actor": "AZE", "action": "190", "source": "a1", "sentence": 1, "start": 0, "end": 7, "trigger": "AZE\nMIL", "coder": ME}]))  # fmt: skip
def test_standoff_comes_back(made):
    text, reports = made
    assert_back(brat.read({"a1": (text, brat.standoff(document(text, reports)))}, coder=ME, split=split), reports)


@given(documents())
def test_tables_of_tokens_come_back(made):
    text, reports = made
    assert_back(conll.read(conll.written(document(text, reports), split), "a.conll", coder=ME), reports)


@given(documents())
def test_label_studio_comes_back(made):
    text, reports = made
    task = accepted(json.loads(json.dumps(label_studio.task(document(text, reports)))))
    back = label_studio_read.read(json.dumps([task]), "export.json", coder=[ME], split=split)
    assert_back(back, reports)
    assert not any("UTF-16" in what for what in back.skipped)


@given(st.text(CHARACTERS))
def test_offsets_in_utf16_are_those_of_characters(text):
    for place in range(len(text) + 1):
        assert from_utf16(text, len(text[:place].encode("utf-16-le")) // 2) == place
    assert from_utf16(text, len(text.encode("utf-16-le")) // 2 + 1) is None


@pytest.fixture(scope="module")
def coded():
    return next(code(read([handmade.SEEDS / "karabakh-2020-10-09-ampgoo.md"])))


def test_the_sentences_are_those_of_the_coder(coded):
    assert sentences.split(coded.article.text) == coded.sentences


def test_reports_of_the_coder_come_back_by_all_ways(coded):
    made = marks.marked([coded.article], {coded.article.id: [report.as_dict() for report in coded.reports]})
    (one,) = made.documents
    text, name = coded.article.text, coded.article.id
    task = accepted(label_studio.task(one))
    ways = [
        brat.read({name: (text, brat.standoff(one))}, coder=ME),
        conll.read(conll.written(one), "a.conll", coder=ME),
        label_studio_read.read(json.dumps([task]), "export.json", coder=[ME]),
    ]
    assert made.unusable == ()
    assert len(coded.reports) > 10
    for way in ways:
        assert way.unusable == ()
        assert len(way.rows) == len(coded.reports)
        for row, report in zip(way.rows, coded.reports, strict=True):
            same = {**report.as_dict(), "source": report.article, "coder": ME}
            assert {k: v for k, v in row.items() if "text" not in k} == {k: same[k] for k in row if "text" not in k}
            for side in ("actor_text", "target_text"):
                assert row[side] is None or row[side].split() == same[side].split()


# -- marks ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ({"start": None, "end": None, "trigger": "met"}, "no place in the text"),
        ({"start": 5, "end": 8, "trigger": "sat"}, "'met' at 5 to 8"),
        ({"start": 4, "end": 8, "trigger": " met"}, "the trigger ' met'"),
        ({"start": 90, "end": 93, "trigger": "met"}, "characters 90 to 93"),
    ],
)
def test_reports_without_a_place_in_the_text_are_left_out(row, found):
    article = SourceArticle("a1", "They met. They left.", None, {})
    made = marks.marked([article], {"a1": [{"action": "040", "actor": "USA", **row}]})
    assert made.documents[0].marks == ()
    assert [(each.where, each.found) for each in made.unusable] == [("a1, report 1", found)]


def test_words_that_do_not_stand_in_the_text_and_columns_without_a_place_are_counted():
    article = SourceArticle("a1", "They met.", None, {})
    row = {
        "action": "040",
        "actor": "USA",
        "actor_text": "Americans",
        "start": 5,
        "end": 8,
        "trigger": "met",
        "place": "Riga",
        "country": None,
    }
    made = marks.marked([article], {"a1": [row]})
    assert (made.without_words, made.not_carried) == (1, ("place",))
    assert made.documents[0].marks[0].actor_at is None


def test_words_are_found_whole_before_they_are_found_in_others():
    assert marks.locate("Buses met US envoys in USAID.", "US", 0) == (10, 12)


@pytest.mark.parametrize("line", ["action", "action=1 action=2", "act=190"])
def test_notes_that_are_no_codes_are_refused(line):
    assert isinstance(fields.parsed(line), str)


# -- Label Studio ---------------------------------------------------------------------------------------------------


def test_a_task_is_as_label_studio_takes_it():
    text = "🙂 Azeri troops shelled Shusha."
    row = {"actor": "AZEMIL", "action": "190", "target": None, "date": "2020-10-09", "status": "claimed", "actor_text": "Azeri troops",
           "start": 15, "end": 22, "trigger": "shelled", "coder": "program:eventcode", "coder_version": "0.2.0", "confidence": 0.75}  # fmt: skip
    task = label_studio.task(document(text, [row]))
    (prediction,) = task["predictions"]
    assert (prediction["model_version"], prediction["score"]) == ("program:eventcode 0.2.0", 0.75)
    trigger, action, status, actor, day, words, relation = prediction["result"]
    assert trigger["value"] == {"start": 15, "end": 22, "text": "shelled", "labels": ["trigger"]}
    assert action["value"]["taxonomy"] == [["19 FIGHT", "190 Use conventional military force, not specified below"]]
    assert status["value"] == {"start": 15, "end": 22, "choices": ["claimed"]}
    assert (actor["type"], actor["value"]["text"], day["value"]["text"]) == ("textarea", ["AZEMIL"], ["2020-10-09"])
    assert {each["id"] for each in (trigger, action, status, actor, day)} == {"r1-trigger"}
    assert words["value"]["start"] == 2
    assert relation == {"from_id": "r1-trigger", "to_id": "r1-actor", "type": "relation", "direction": "right", "labels": ["actor"]}
    assert task["data"]["published"] == "2020-10-10"
    assert "predictions" not in label_studio.task(document(text, [row]), predictions=False)


def test_reports_of_two_coders_are_two_predictions():
    row = {"actor": "USA", "action": "040", "start": 5, "end": 8, "trigger": "met"}
    made = document("They met.", [row | {"coder": "person:b"}, row | {"coder": "person:a"}, row])
    assert [each["model_version"] for each in label_studio.task(made)["predictions"]] == ["unknown", "person:a", "person:b"]


def test_the_interface_has_every_control_that_tasks_use():
    view = ET.fromstring(label_studio.config())
    named = {each.get("name"): each for each in view.iter() if each.get("name")}
    assert set(named) == {label_studio.WORDS, label_studio.TEXT, *label_studio.VALUES, label_studio.SIDE_CODE}
    assert all(named[name].get("perRegion") == "true" for name in (*label_studio.VALUES, label_studio.SIDE_CODE))
    assert [each.get("value") for each in named["status"]] == list(STATUS)
    ways = {}

    def walk(node, way):
        for choice in node:
            ways[choice.get("value").split()[0]] = [*way, choice.get("value")]
            walk(choice, [*way, choice.get("value")])

    walk(named["action"], [])
    assert set(ways) == codes("actions")
    assert {row["code"]: label_studio.taxonomy(row["code"]) for row in rows("actions")} == ways


def imported(**options):
    return label_studio_read.read((DATA / "label-studio.json").read_text(encoding="utf-8"), "export.json", split=split, **options)


def test_annotations_of_several_people_are_read():
    made = imported()
    told = [
        (r["coder"], r["actor"], r["action"], r["target"], r["date"], r["status"], r["trigger"], r["actor_text"], r["target_text"])
        for r in made.rows
    ]
    assert told == [
        ("person:ls-3", "TURMIL", "190", "SYR", "2022-03-07", "asserted", "shelled", "Turkish warships", "the port of Latakia"),
        ("person:ls-4", "SYR", "111", None, None, "asserted", "condemned", "Syria", None),
        ("person:ls-x1", None, "190", "SYR", None, None, "shelled", "news\nTurkish", None),
    ]
    assert {r["source"] for r in made.rows} == {"harbour-2022-03-08"}
    assert made.rows[0]["sentence"] == 2
    assert made.skipped == {
        "cancelled annotations": 1,
        "annotations without events": 1,
        "tasks without annotations": 1,
        "places counted in UTF-16, as Label Studio before 2022 did, and converted": 2,
    }


def test_what_cannot_be_used_is_listed():
    said = [(each.where.removeprefix("export.json: "), each.found) for each in imported().unusable]
    assert said == [
        ("task 5", "data.text: Field required"),
        ("task 2, annotation 21, region k1", "'t of' at 47 to 51"),
        ("task 2, annotation 21, region i1", "a relation to nothing"),
        ("task 2, annotation 21, region j1", "target of no trigger"),
        ("task 2, annotation 21, region h1", "a trigger without an action"),
        ("task 3", "another text than was exported (sha256)"),
    ]


def test_addresses_of_people_are_never_written():
    made = imported()
    assert "@" not in json.dumps(made.rows) + "".join(map(str, made.unusable))


def test_people_can_be_named():
    names = ["3=person:anna", "4=person:ben", "carla@example.org=person:carla"]
    assert [row["coder"] for row in imported(coder=names).rows] == ["person:anna", "person:ben", "person:carla"]


@pytest.mark.parametrize("coder", [["anna"], ["person:anna"], ["9=person:anna"], ["x@example.org=person:x"]])
def test_names_that_fit_nobody_are_refused(coder):
    with pytest.raises(InputError) as refused:
        imported(coder=coder)
    assert "@" not in str(refused.value)


def test_texts_are_compared_with_the_articles():
    (task, *_) = json.loads((DATA / "label-studio.json").read_text(encoding="utf-8"))
    text = task["data"]["text"]
    assert len(imported(texts={"harbour-2022-03-08": text}).rows) == 3
    assert imported(texts={"harbour-2022-03-08": text + "!"}).rows == ()
    assert imported(texts={}).rows == ()


@pytest.mark.parametrize("by", [None, "", {}, {"id": None}, {"id": []}, {"username": "dora"}, "dora", 1.5])
def test_whoever_annotated_is_read_or_listed(by):
    task = {"data": {"text": "Iran met Iraq.", "article": "a1"}, "annotations": [{"completed_by": by, "result": list(MET)}]}
    made = label_studio_read.read(json.dumps([task]), "export.json", split=split)
    assert [row["coder"] for row in made.rows] in (["person:ls-unknown"], ["person:ls-x1"], [])
    assert len(made.rows) + len(made.unusable) == 1
    assert "dora" not in json.dumps(made.rows)


@pytest.mark.parametrize("raw", ["", "{}", "[1]", '[{"id": 1, "text": "x", "label": []}]', "[" * 100_000])
def test_files_that_are_no_export_are_refused(raw):
    with pytest.raises(InputError):
        label_studio_read.read(raw, "export.json")


def annotated(*results):
    """What an annotation of one text gives."""
    task = {
        "id": 1,
        "data": {"text": "Iran met Iraq.", "article": "a1"},
        "annotations": [{"id": 1, "completed_by": 1, "result": list(results)}],
    }
    return label_studio_read.read(json.dumps([task]), "export.json", split=split)


def region(name, start, end, *labels, **more):
    return {"id": name, "type": "labels", "from_name": "words", "value": {"start": start, "end": end, "labels": list(labels), **more}}


def beside(name, control, kind, value):
    return {"id": name, "type": kind, "from_name": control, "value": {"text" if kind == "textarea" else kind: value}}


def relation(one, other, *labels):
    return {"type": "relation", "from_id": one, "to_id": other, "labels": list(labels) or None}


MET = (region("t", 5, 8, "trigger"), beside("t", "action", "taxonomy", [["04 CONSULT", "040 Consult"]]))


@pytest.mark.parametrize(
    ("results", "found"),
    [
        ((*MET, region("t", 0, 4, "actor")), "two regions of this id"),
        ((*MET, region("a", 0, 4, "actor", "target")), "the labels ['actor', 'target']"),
        ((*MET, region("a", 0, 4, "place")), "the labels ['place']"),
        ((*MET, region("a", "/p[1]", 4, "actor")), "no start and end"),
        ((*MET, region("a", 0, 99, "actor")), "'Iran met Iraq.' at 0 to 99"),
        ((*MET, region("a", 4, 5, "actor")), "' ' at 4 to 5"),
        ((*MET, beside("t", "action", "textarea", ["190", "191"])), "action is '190 and 191'"),
        ((*MET, beside("t", "mood", "choices", ["glad"])), "a value of 'mood'"),
        ((*MET, beside("t", "code", "textarea", ["IRN"])), "a code beside a trigger"),
        ((*MET, beside("z", "status", "choices", ["claimed"])), "status without words"),
        ((*MET, region("u", 9, 13, "trigger"), relation("t", "u")), "a relation between two triggers"),
        ((*MET, region("a", 0, 4, "actor"), region("b", 9, 13, "actor"), relation("a", "b")), "a relation without a trigger"),
        ((*MET, region("a", 0, 4, "actor"), region("b", 9, 13, "actor"), relation("t", "a"), relation("t", "b")), "several words for actor"),
        ((*MET, beside("t", "actor", "textarea", ["IRN"]), region("a", 0, 4, "actor"), beside("a", "code", "textarea", ["IRQ"]), relation("t", "a")), "actor IRN, but IRQ beside its words"),
    ],
)  # fmt: skip
def test_annotations_that_contradict_themselves_are_listed(results, found):
    assert found in [each.found for each in annotated(*results).unusable]


def test_the_relation_says_who_is_who():
    made = annotated(
        *MET, region("a", 0, 4, "target"), region("b", 9, 13, "actor"), relation("t", "a", "actor"), relation("b", "t", "target")
    )
    assert [(row["actor_text"], row["target_text"]) for row in made.rows] == [("Iran", "Iraq")]


@given(st.recursive(st.none() | st.booleans() | st.integers(-9, 99) | st.text(max_size=4), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
    st.sampled_from(["id", "type", "value", "labels", "start", "end", "text", "from_id", "to_id", "from_name", "taxonomy"]), inner, max_size=5), max_leaves=12))  # fmt: skip
def test_results_of_any_form_are_read_or_listed(result):
    annotated(
        *(result if isinstance(result, list) else [result]),
        {"type": "labels", "id": "q", "value": result if isinstance(result, dict) else {}},
    )


# -- brat -----------------------------------------------------------------------------------------------------------


def pair():
    return {"accord": tuple((DATA / "brat" / f"accord.{ending}").read_text(encoding="utf-8") for ending in ("txt", "ann"))}


def test_standoff_of_brat_is_read_and_what_cannot_be_used_is_listed():
    made = brat.read(pair(), coder=ME, split=split)
    (row,) = made.rows
    assert (row["actor"], row["action"], row["target"], row["date"], row["status"]) == ("BRA", "057", "ARG", "2021-06-01", "asserted")
    assert (row["actor_text"], row["trigger"], row["sentence"]) == ("Brazil and\nArgentina", "signed", 2)
    assert made.skipped == {"relations, equivalences and normalizations": 1, "notes that are not of events": 1}
    assert [(each.where.removeprefix("accord.ann: "), each.found) for each in made.unusable] == [
        ("T4", "words in 2 pieces (0 6;69 79)"),
        ("T5", "'tyres' at 87 92"),
        ("line 15", "'what is this'"),
        ("E4", "'action' is no name=value in its note #4"),
        ("E4", "several words for actor"),
        ("E4", "the argument 'Place'"),
        ("E4", "an event without an action"),
        ("A2", "the attribute 'Negation'"),
        ("E2", "actor is T4, which cannot be used"),
        ("E3", "an event without an action"),
    ]


def test_standoff_is_written_as_brat_writes_it():
    row = {
        "actor": "BRA",
        "action": "057",
        "target": "ARG",
        "status": "asserted",
        "actor_text": "Brazil and\nPeru",
        "start": 16,
        "end": 19,
        "trigger": "met",
    }
    assert brat.standoff(document("Brazil and\nPeru met.", [row, row])) == (
        "T1\tACTOR 0 10;11 15\tBrazil and Peru\nT2\tEVENT 16 19\tmet\n"
        "E1\tEVENT:T2 Actor:T1\nA1\tStatus E1 asserted\n#1\tAnnotatorNotes E1\taction=057 actor=BRA target=ARG\n"
        "E2\tEVENT:T2 Actor:T1\nA2\tStatus E2 asserted\n#2\tAnnotatorNotes E2\taction=057 actor=BRA target=ARG\n"
    )


@given(st.lists(st.sampled_from(["T1\tACTOR 0 4\tIran", "T2\tEVENT 5 8\tmet", "E1\tEVENT:T2 Actor:T1", "E1\t", "T1\t", "T3\tX 99 1\t", "#1\tAnnotatorNotes E1\taction=1",
    "A1\tStatus E1", "A1\t", "#1\t", "*\tEquiv T1 T2", "M1\tNegation E1", "\t", "x", "E2\tEVENT:T9:T1", "E3\tEVENT:E1", "T4\tACTOR 2 1\t", "T5\tACTOR 0 2;1 4\tIran"])))  # fmt: skip
def test_lines_of_any_kind_are_read_or_listed(lines):
    brat.read({"a1": ("Iran met Iraq.", "\n".join(lines))}, coder=ME, split=split)


# -- tables of tokens -----------------------------------------------------------------------------------------------

TABLE = (
    '# article a1\n# text "Iran met Iraq. It left."\n# report 1 action=040 actor=IRN target=IRQ status=asserted date=2020-10-09\n'
    "1\tIran\t0\t4\tB-ACTOR\n1\tmet\t5\t8\tB-TRIGGER\n1\tIraq\t9\t13\tB-TARGET\n1\t.\t13\t14\tO\n\n2\tIt\t15\t17\tO\n2\tleft\t18\t22\tO\n2\t.\t22\t23\tO\n\n"
)


def test_a_table_of_tokens_is_written_and_read():
    made = conll.read(TABLE, "a.conll", coder=ME)
    assert (made.unusable, len(made.rows)) == ((), 1)
    assert conll.written(document("Iran met Iraq. It left.", list(made.rows)), lambda _: [(0, 14), (15, 23)]) == TABLE
    assert_back(conll.read(TABLE.replace("\n", "\r\n"), "a.conll", coder=ME), list(made.rows))


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("# article a1", "a1", "'a1'"),
        ('# text "', "# txt ", "0 texts"),
        ("# report 1", "# report 2", "reports 2"),
        ("action=040 ", "", "a report without an action"),
        ("action=040", "action:040", "'action:040' is no name=value"),
        ("B-TRIGGER", "O", "a report without a TRIGGER"),
        ("B-TRIGGER", "B-VERB", "the tag 'B-VERB'"),
        ("B-TRIGGER", "I-TRIGGER", "I-TRIGGER without a beginning"),
        ("17\tO", "17\tB-ACTOR", "ACTOR begins twice"),
        ("met\t5\t8", "sat\t5\t8", "the token 'sat' at 5 to 8"),
        ("\tO\n\n", "\n\n", "'1\\t.\\t13\\t14'"),
    ],
)
def test_tables_that_were_spoilt_are_listed(old, new, found):
    made = conll.read(TABLE.replace(old, new, 1), "a.conll", coder=ME)
    assert [each.found for each in made.unusable] == [found]
    assert made.rows == ()


# -- the commands ---------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "shelling.txt").write_text("Russian forces shelled Kharkiv on 3 March 2022.\n🙂 Rain fell.", encoding="utf-8")
    row = {"actor": "RUSMIL", "action": "190", "target": "UKR", "date": "2022-03-03", "source": "shelling", "status": "asserted", "attributed_to": None,
           "actor_text": "Russian forces", "target_text": "Kharkiv", "sentence": 1, "start": 15, "end": 22, "trigger": "shelled", "coder": ME}  # fmt: skip
    (tmp_path / "reports.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    return tmp_path


def test_there_and_back_on_the_command_line(eventcode, folder):
    for tool, where in (("brat", "brat"), ("conll", "all.conll")):
        done = eventcode("annotate", "export", tool, "articles", "--reports", "reports.jsonl", "-o", where, folder=folder)
        assert (done.code, done.err) == (0, "1 article, 1 report, 0 left out\n")
        back = eventcode("annotate", "import", tool, where, "--coder", ME, "--articles", "articles", folder=folder)
        assert (back.code, back.err) == (0, f"1 row of 1 article by {ME} (1), 0 left out\n")
        assert json.loads(back.out) == json.loads((folder / "reports.jsonl").read_text(encoding="utf-8"))
    assert sorted(path.name for path in (folder / "brat").iterdir()) == ["annotation.conf", "shelling.ann", "shelling.txt"]


def test_label_studio_on_the_command_line(eventcode, folder):
    assert eventcode("annotate", "export", "label-studio", "articles", "-o", "tasks.json", folder=folder).code == 0
    tasks = json.loads((folder / "tasks.json").read_text(encoding="utf-8"))
    assert tasks[0]["predictions"][0]["model_version"].startswith("program:eventcode ")
    (folder / "export.json").write_text(json.dumps([accepted(task) for task in tasks]), encoding="utf-8")
    done = eventcode("annotate", "import", "label-studio", "export.json", "-o", "mine.jsonl", folder=folder)
    assert (done.code, done.out) == (0, "")
    assert json.loads((folder / "mine.jsonl").read_text(encoding="utf-8"))["coder"] == "person:ls-7"
    assert eventcode("annotate", "export", "label-studio-config", "-o", "config.xml", folder=folder).code == 0
    assert ET.parse(folder / "config.xml").getroot().tag == "View"
    assert eventcode("annotate", "export", "label-studio", "articles", "--no-predictions", "-o", "bare.json", folder=folder).code == 0
    assert "predictions" not in json.loads((folder / "bare.json").read_text(encoding="utf-8"))[0]


def test_what_was_left_out_is_exit_code_1(eventcode, folder):
    done = eventcode("annotate", "import", "label-studio", str(DATA / "label-studio.json"), "-o", "mine.jsonl", folder=folder)
    assert done.code == 1
    assert "3 rows of 1 article by person:ls-3 (1), person:ls-4 (1), person:ls-x1 (1), 6 left out; cancelled annotations: 1" in done.err
    assert done.err.count("eventcode: left out: ") == 6
    assert "@" not in done.err + (folder / "mine.jsonl").read_text(encoding="utf-8")
    (folder / "none.json").write_text("[]", encoding="utf-8")
    done = eventcode("annotate", "import", "label-studio", "none.json", "-o", "none.jsonl", folder=folder)
    assert (done.code, (folder / "none.jsonl").exists()) == (0, False)


def test_nothing_is_overwritten_unless_asked(eventcode, folder):
    (folder / "tasks.json").write_text("mine", encoding="utf-8")
    for args in (["label-studio", "articles", "--no-predictions"], ["label-studio-config"], ["conll", "articles"]):
        done = eventcode("annotate", "export", *args, "-o", "tasks.json", folder=folder)
        assert (done.code, "is there already" in done.err) == (2, True)
    assert (folder / "tasks.json").read_text(encoding="utf-8") == "mine"
    assert eventcode("annotate", "export", "label-studio-config", "-o", "tasks.json", "--force", folder=folder).code == 0
    assert eventcode("annotate", "export", "brat", "articles", "-o", ".", folder=folder).code == 2
    assert not list(folder.glob(".*.partial"))


@pytest.mark.parametrize(
    "args",
    [
        ("export", "conll", "articles", "-o", "gone/all.conll"),
        ("export", "brat", "articles", "-o", "reports.jsonl"),
        ("export", "brat", "articles", "-o", "gone/brat"),
        ("export", "label-studio", "articles", "--no-predictions", "--reports", "reports.jsonl", "-o", "t.json"),
        ("import", "brat", "articles", "--coder", ME),
        ("import", "brat", "articles", "--coder", "anna"),
        ("import", "conll", "gone.conll", "--coder", ME),
        ("import", "conll", "reports.jsonl", "--coder", ME, "-o", "mine.csv"),
        ("import", "label-studio", "articles"),
    ],
)
def test_what_cannot_run_is_exit_code_2(eventcode, folder, args):
    done = eventcode("annotate", *args, folder=folder)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("eventcode: ")


def test_bytes_that_are_not_utf8_are_refused(tmp_path):
    (tmp_path / "a.conll").write_bytes(b"\xff")
    with pytest.raises(InputError, match="not UTF-8"):
        files.read(tmp_path / "a.conll")
