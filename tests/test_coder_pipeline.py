"""The parts of the pipeline that stand for spaCy's own, the articles that are read together, and the ends of sentences that a page has lost."""

from pathlib import Path

import pytest
import spacy

from eventcode.coder import action_model
from eventcode.coder import code as coder
from eventcode.coder.articles import SourceArticle, read
from eventcode.coder.code import code, code_text
from eventcode.coder.nlp import PIPELINE, parse, pipeline
from eventcode.coder.referents import Paragraph, Told

ROOT = Path(__file__).resolve().parents[1]
SET = ("tag_", "pos_", "lemma_", "morph", "dep_", "ent_type_", "ent_iob_")
ODD = [
    "",
    " ",
    "\n\n",
    "?!",
    "I",
    "you ai n't gon na",
    "There's no way. There are two.",
    "Y'all got ta go, let's  go!\n\nC'm on",
    "12 May 2020",
    "lET's go now. GOn na go. I ca na.",
    "I'd better did. iT and yOU said so.",
    "🙂 Привет 🙂",
    "U.N.",
]


@pytest.fixture(scope="module")
def bare():
    """The pipeline as it is published, but for the sentences that begin where a page has lost a full stop."""
    pipeline()
    made = spacy.load(PIPELINE)
    made.add_pipe("break_sentences", before="parser")
    return made


def test_words_and_entities_are_those_of_spacy_itself(bare):
    """Tags, parts of speech, lemmas, forms, relations and entities, over the seeds and odd texts."""
    texts = [article.text for article in read([ROOT / "seeds"])] + ODD
    for mine, theirs in zip(parse(texts), bare.pipe(texts), strict=True):
        for name in SET:
            assert [str(getattr(t, name)) for t in mine] == [str(getattr(t, name)) for t in theirs], (name, mine.text[:60])


ARTICLES = [
    SourceArticle("a", "Russia accused Turkey of arming rebels in Syria. It expelled two Turkish diplomats.", None, {}),
    SourceArticle("b", "", None, {}),
    SourceArticle("c", "Kenyan police shot dead two protesters in Nairobi on Monday, and Uganda condemned the killing.", None, {}),
]


def test_an_article_gives_the_same_alone_and_among_others():
    together = [[r.as_dict() for r in c.reports] for c in code(ARTICLES * 20)]
    alone = [[r.as_dict() for r in c.reports] for article in ARTICLES for c in code([article])]
    assert together == alone * 20
    assert [bool(reports) for reports in alone] == [True, False, True]


def test_what_can_be_read_is_given_before_what_cannot():
    def broken():
        yield from ARTICLES
        raise ValueError("the next cannot be read")

    given = code(broken())
    assert [next(given).article.id for _ in ARTICLES] == ["a", "b", "c"]
    with pytest.raises(ValueError, match="cannot be read"):
        next(given)


def test_an_article_that_fails_takes_no_other_with_it(monkeypatch):
    judge = coder._Article.judge

    def fail(self):
        if self.article.id == "c":
            raise RuntimeError("it fails")
        judge(self)

    monkeypatch.setattr(coder._Article, "judge", fail)
    given = code(ARTICLES)
    assert [len(next(given).reports) > 0 for _ in range(2)] == [True, False]
    with pytest.raises(RuntimeError, match="it fails"):
        next(given)


def test_half_a_character_is_passed_over():
    assert code_text("Russia accused \ud83dTurkey of arming rebels.")[0].actor == "RUS"


def test_a_long_sentence_is_asked_for_in_parts(monkeypatch):
    text = "Russia accused Turkey, Turkey blamed Russia, and Russia warned Turkey."
    whole = code_text(text)
    monkeypatch.setattr(action_model, "_PAIRS", 3)
    assert [(r.actor, r.action, r.target) for r in code_text(text)] == [(r.actor, r.action, r.target) for r in whole]


def starts(text):
    return [sentence.text.strip() for doc in parse([text]) for sentence in doc.sents]


LOST = [
    "The minister opened the new bridge over the river",
    "Residents of three villages had waited ten years for it",
    "The governor said the second bridge would follow next year",
    "Farmers complained that nobody had asked them",
    "Soldiers guarded both ends of the road during the visit.",
]


def test_a_text_that_loses_its_full_stops_is_cut_where_they_were():
    assert starts(" ".join(LOST)) == LOST


def test_one_capital_letter_alone_cuts_nothing():
    text = "The rebels said they would release Prime Minister Mahendra Rao and the Speaker of Parliament on Friday."
    assert starts(text) == [text]


WHO = {
    "minister": "person",
    "farmer": "person",
    "Karuri": "person",
    "Otieno": "person",
    "rebels": "people",
    "villagers": "people",
    "ministry": "body",
    "Chad": "country",
}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("The interior minister, Amina Odhiambo, met a farmer on Monday. She said that police had freed two men.", ["minister"]),
        ("Mr. Karuri praised Mrs. Otieno. She thanked him.", ["Otieno", "Karuri"]),
        ("Chad sent soldiers to the lake on Friday. It said villagers had asked for help.", ["Chad"]),
        ("Rebels attacked the town. The rebels said they would hold it.", ["rebels", None]),
        ("He laughed.", [None]),
        ("It rained in Chad all week.", [None]),
    ],
)
def test_whom_pronouns_stand_for(text, meant):
    (doc,) = parse([text])

    def kind(token):
        return WHO.get(token.text, ""), token.lower_ if token.pos_ == "PROPN" else "", ""

    told = Told()
    found = Paragraph(doc, kind, told).resolved()
    asked = [t for t in doc if t.lower_ in {"he", "she", "him", "it", "they"}]
    assert [told.of(found[t.i])[0].word.text if t.i in found else None for t in asked] == meant


def test_what_a_paragraph_tells_is_known_in_the_next():
    text = "Kenya's interior minister, Amina Odhiambo, visited Garissa.\n\nShe condemned Somalia for the raid."
    assert ("KENGOVCOP", "11", "SOM") in {(r.actor, r.action[:2], r.target) for r in code_text(text)}


def test_people_of_no_stated_country_belong_to_the_one_the_text_is_about():
    text = "Kenya's parliament met on Monday. Police arrested five lawmakers outside the building."
    assert ("KENCOP", "17", "KENLEG") in {(r.actor, r.action[:2], r.target) for r in code_text(text)}


def test_who_was_a_minister_is_one_no_more():
    text = "Kenya's parliament criticised former interior minister Juma Otieko. Police in Kenya arrested Otieko on Monday."
    assert "KENELI" in {r.target for r in code_text(text)}


def test_a_name_beside_a_title_is_known_later_by_the_name_alone():
    text = "Kenya's interior minister, Amina Odhiambo, visited Garissa. Odhiambo condemned Somalia for the raid."
    assert ("KENGOVCOP", "11", "SOM") in {(r.actor, r.action[:2], r.target) for r in code_text(text)}


def told_of(text):
    return [(r.actor, r.action[:2], r.target, r.actor_named_in, r.sentence) for r in code_text(text)]


def test_a_country_in_capitals_is_no_pronoun():
    assert ("USA", "19", "IRN", None, 1) in told_of("The US attacked Iran on Monday. Officials met the US ambassador later.")


def test_who_is_named_only_later_was_mentioned_before():
    found = told_of("A minister criticised Russia on Monday. He condemned Chad. Later the minister of Kenya praised Mali.")
    assert all(named is None or named < sentence for _, _, _, named, sentence in found)


def test_two_companies_with_one_last_word_are_two():
    found = told_of("Kenya's Savanna Group praised Chad on Monday. On Friday, the Eurasia Group criticised Russia.")
    assert [actor for actor, root, *_ in found if root == "11"] == [None]


def test_their_troops_are_those_of_both():
    found = told_of("Armenia and Azerbaijan met on Monday. Their troops had attacked Georgia.")
    assert {actor for actor, root, *_ in found if root == "19"} == {"ARMMIL", "AZEMIL"}


def test_many_persons_who_hang_on_each_other_are_read():
    text = "The minister met a general. " + "His brother met his sister. Her husband praised his aide. " * 60
    last = text.rindex("aide")
    (coded,) = code([SourceArticle("long", text, None, {}, (last, last + 4), None)], given_actors=True)
    assert len(coded.reports) == 1
