"""Which words may report an event or name an actor, and what the parse says of them."""

from eventcode.coder import words
from eventcode.coder.actors import readers
from eventcode.coder.extract import dyads
from eventcode.coder.nlp import parse
from eventcode.coder.status import frame
from eventcode.coder.words import Sides, Ways, word


def parsed(text):
    (doc,) = parse([text])
    return doc, {token.text: token for token in doc}


def at(text, trigger):
    doc, tokens = parsed(text)
    return doc, tokens, word(tokens[trigger], frame(list(doc)))


def test_names_measures_and_helping_verbs_report_nothing():
    doc, _ = parsed("On Friday the United States had sent 200 troops to Chad.")
    reporting = [t.text for t in doc if words.may_report(t)]
    assert "sent" in reporting
    assert not {"Friday", "had", "200", "United", "Chad"} & set(reporting)


def test_whoever_leads_a_phrase_may_act_and_so_may_a_country_before_a_noun():
    doc, _ = parsed("The Russian shelling of Kharkiv angered its mayor, who called for help.")
    acting = [t.text for t in doc if words.may_act(t)]
    assert {"Russian", "Kharkiv", "its", "mayor"} <= set(acting)
    assert "who" not in acting


def test_ways_go_up_and_down_the_parse_and_end_somewhere():
    doc, tokens = parsed("Iran accused Israel of bombing a town near the border of a country that neighbours another one.")
    assert Ways(tokens["accused"]).to(tokens["Israel"].i) == "dobj"
    assert Ways(tokens["bombing"]).to(tokens["Iran"].i) == "^pcomp>^prep:of>nsubj"
    assert Ways(tokens["accused"]).to(tokens["one"].i) == "far"
    assert all(isinstance(Ways(t).to(u.i), str) for t in doc for u in doc)


def test_a_passive_says_who_did_not_do_it():
    _, tokens, trigger = at("The rebels were captured by soldiers.", "captured")
    around = Sides(trigger)
    assert around.is_sufferer(tokens["rebels"])
    assert not around.is_sufferer(tokens["soldiers"])
    assert "V obj" in around.features(tokens["rebels"])


def test_what_was_not_done_is_undone_unless_the_lexicon_knows_the_refusing():
    assert at("Israel saw no threat from Syria.", "threat")[2].is_undone
    assert not at("Israel bombed Syria.", "bombed")[2].is_undone
    assert at("Israel did not bomb Syria.", "bomb")[2].is_undone
    denied = at("Israel said that it did not bomb Syria.", "bomb")[2]
    assert (denied.is_undone, denied.status.status) == (False, "denied")


def coded(text, trigger, sources, targets, code):
    doc, tokens, found = at(text, trigger)
    (actors,) = readers([doc], None)
    made = dyads(found, [tokens[w] for w in sources], [tokens[w] for w in targets], code, actors)
    return [(a and a.code, b and b.code) for a, b in made]


def test_joined_actors_face_the_others_and_each_other_only_when_alone():
    text = "Chad and Niger attacked Mali."
    assert coded(text, "attacked", ["Chad", "Niger"], ["Mali"], "190") == [("TCD", "MLI"), ("NER", "MLI")]
    text = "Chad and Niger talked."
    assert set(coded(text, "talked", ["Chad", "Niger"], [], "046")) == {("TCD", "NER"), ("NER", "TCD")}


def test_a_noun_stands_for_the_country_before_it_and_for_those_inside_its_phrase():
    assert coded("Egypt expelled Qatari diplomats.", "expelled", ["Egypt"], ["Qatari"], "161") == [("EGY", "QATGOV")]
    text = "The presidents of Kenya and Uganda met."
    assert set(coded(text, "met", ["presidents", "Kenya"], ["Uganda", "presidents"], "040")) == {("KENGOV", "UGAGOV"), ("UGAGOV", "KENGOV")}


def test_a_side_of_no_list_keeps_its_words_and_nobody_acts_on_themselves():
    assert coded("Abcdefia attacked Mali.", "attacked", ["Abcdefia"], ["Mali"], "190") == [(None, "MLI")]
    assert coded("Mali attacked Mali.", "attacked", ["Mali"], ["Mali"], "190") == [("MLI", None)]
