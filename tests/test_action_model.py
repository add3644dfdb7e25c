"""The action model beside the lexicon: how a sentence is marked, what is worth reading, how both are weighed."""

import json

import numpy as np
import pytest

from eventcode.coder import action_model, decide, marking, sieve
from eventcode.coder.action_model import NONE, Scores, card, score
from eventcode.coder.code import code_text
from eventcode.coder.marking import Marked

TEXT = "Russia accused Ukraine of lying."
PIECES = [(0, 6), (7, 14), (15, 22), (23, 25), (26, 31), (31, 32)]
START, END = 101, 102


def marks(**spans):
    return marking.ids(Marked(TEXT, **spans), PIECES, [11, 12, 13, 14, 15, 16])


def test_each_side_and_the_trigger_stand_between_their_marks():
    got = marks(source=(0, 6), target=(15, 22), trigger=(7, 14))
    assert got == [START, 1, 11, 2, 5, 12, 6, 3, 13, 4, 14, 15, 16, END]


def test_what_is_not_named_is_marked_empty_at_the_end():
    assert marks(source=(0, 6))[-5:] == [3, 4, 5, 6, END]
    assert sorted(n for n in marks() if n <= 6) == [1, 2, 3, 4, 5, 6]


def test_a_long_sentence_is_cut_around_its_marks():
    words = [f"w{n}" for n in range(400)]
    text = " ".join(words)
    offsets, at = [], 0
    for word in words:
        offsets.append((at, at + len(word)))
        at += len(word) + 1
    got = marking.ids(Marked(text, offsets[300], offsets[304], offsets[302]), offsets, range(1000, 1400))
    assert len(got) <= marking.LONGEST + 8
    assert {1300, 1302, 1304} <= set(got)
    far = marking.ids(Marked(text, offsets[5], offsets[390]), offsets, range(1000, 1400))
    assert len(far) <= marking.LONGEST + 8
    assert sorted(n for n in far if n <= 6) == [1, 2, 3, 4, 5, 6]


def test_the_card_names_every_code_that_is_more_than_a_root():
    codes = set(card().codes) - {NONE}
    assert len(codes) >= 296
    assert all(len(code) in {3, 4} for code in codes)
    assert len(card().corpus_sha256) == 64


def test_scores_are_probabilities_and_do_not_depend_on_what_else_is_asked():
    one = Marked(TEXT, (0, 6), (15, 22), (7, 14))
    other = Marked("Chad sent food to Niger.", (0, 4), (18, 23), (5, 9))
    alone, together = score([one])[0], score([one, other])[0]
    assert alone.chances.sum() == pytest.approx(1, abs=1e-4)
    assert alone.best(1)[0][0][:2] == "11"
    assert together.best(1)[0][0] == alone.best(1)[0][0]
    assert score([]) == []


def scores(**chances):
    made = np.full(len(card().codes), 1e-6, dtype=np.float32)
    for code, chance in chances.items():
        made[card().codes.index(code.lstrip("_"))] = chance
    return Scores(made / made.sum(), np.ones(6, dtype=np.float32) / 6)


def test_no_event_gives_no_code_unless_the_pair_is_given():
    doubtful = scores(none=0.97, _112=0.02, _111=0.01)
    assert decide.decide(doubtful, "").code is None
    assert decide.decide(doubtful, "", pair_given=True).code == "112"


def test_the_lexicon_tips_the_scales():
    torn = scores(_111=0.45, _120=0.45, none=0.1)
    assert decide.decide(torn, "120").code == "120"
    assert decide.decide(torn, "111").code == "111"


def test_the_parent_stands_where_the_text_says_no_more():
    unclear = scores(_1121=0.1, _1122=0.1, _1123=0.1, _1124=0.1, _1125=0.1, _111=0.09, _110=0.09, _114=0.09, _115=0.09, _112=0.09)
    assert decide.decide(unclear, "").code == "112"


def test_a_sieve_weighs_features():
    weights = {"": -2.0, "lemma=attack": 3.0}
    assert sieve.chance(["lemma=attack"], weights) > 0.5 > sieve.chance(["lemma=own"], weights)


def test_the_weights_in_the_package_are_small_enough():
    files = {file.name: file.stat().st_size for file in action_model.FOLDER.iterdir()}
    assert {"actions.onnx", "actions.json", "sieve.json", "tokenizer.json"} <= set(files)
    assert sum(files.values()) <= 35_000_000
    assert json.loads((action_model.FOLDER / "actions.json").read_text(encoding="utf-8"))["weighed"]["ece"] < 0.1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pakistan has refused to deploy peacekeepers in Iraq.", [("PAK", "12", "IRQ")]),
        ("The Turkish government ordered the newspaper to suspend publication.", [("TURGOV", "17", "TURMED")]),
        ("Iran accused Israel of restoring ties with Sudan.", [("IRN", "11", "ISR")]),
        ("Japan apologized to South Korea for the wartime killings.", [("JPN", "05", "KOR")]),
        ("Kenyan opposition parties said they would boycott the election.", [("KENOPP", "13", None)]),
        ("Hamas issued a declaration demanding that Israel open the crossings.", [("PSEHMS", "10", "ISR")]),
        pytest.param(
            "Russia mounted its long-threatened invasion of Ukraine.",
            [("RUS", "19", "UKR")],
            marks=pytest.mark.xfail(strict=True, reason="fails: read as a build-up of troops (15)"),
        ),
        ("The United States lifts embargo on Vietnam.", [("USA", "08", "VNM")]),
        ("Britain is providing intelligence to Morocco, the newspaper said.", [("GBR", "06", "MAR")]),
        ("Rebels attacked an army base in Mali, capturing 20 soldiers.", [("REB", "19", "MLIMIL"), ("REB", "18", "MIL")]),
    ],
)
def test_where_older_coders_fail(text, expected):
    found = {(r.actor, r.action[:2], r.target) for r in code_text(text)}
    for actor, root, target in expected:
        assert any(a == actor and b == root and target in {None, c} for a, b, c in found), found
