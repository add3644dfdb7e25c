"""The action model: how a sentence is cut into pieces, what is read off it, what is decided."""

import json

import numpy as np
import pytest

from eventcode.coder import action_model, decide, marking
from eventcode.coder.action_model import NONE, Scores, card, read, score_pairs
from eventcode.coder.code import code_text
from eventcode.coder.marking import Marked

TEXT = "Russia accused Ukraine of lying."
WORDS = [(0, 6), (7, 14), (15, 22)]
START, END = 101, 102


class Pieces:
    """A tokenizer that cuts at blanks."""

    def encode(self, text, *, add_special_tokens):
        assert not add_special_tokens
        self.ids, self.offsets, at = [], [], 0
        for n, word in enumerate(text.split(" ")):
            self.ids.append(1000 + n)
            self.offsets.append((at, at + len(word)))
            at += len(word) + 1
        return self


def marks(text=TEXT, **spans):
    return marking.marked_ids(Pieces(), Marked(text, **spans))


def test_each_side_stands_between_its_marks():
    assert marks(source=(0, 6), target=(15, 22)) == [START, 1, 1000, 2, 1001, 3, 1002, 4, 1003, 1004, END]


def test_what_is_not_named_is_marked_empty_at_the_end():
    assert marks(source=(0, 6))[-3:] == [3, 4, END]
    assert sorted(n for n in marks() if n <= 4) == [1, 2, 3, 4]


def test_a_long_sentence_is_cut_around_its_marks():
    text = " ".join(f"w{n}" for n in range(400))
    places = Pieces().encode(text, add_special_tokens=False).offsets
    near = marks(text, source=places[300], target=places[304])
    assert len(near) <= marking.LONGEST + 6
    assert {1300, 1304} <= set(near)
    far = marks(text, source=places[5], target=places[390])
    assert len(far) <= marking.LONGEST + 6
    assert sorted(n for n in far if n <= 4) == [1, 2, 3, 4]


def test_words_are_found_among_the_pieces_of_a_sentence():
    ids, places = marking.sentence_ids(Pieces(), TEXT, WORDS)
    assert ids == [START, 1000, 1001, 1002, 1003, 1004, END]
    assert places == [(1, 1), (2, 2), (3, 3)]
    text = " ".join(f"w{n}" for n in range(400))
    ids, places = marking.sentence_ids(Pieces(), text, [(0, 2), (len(text) - 4, len(text))])
    assert len(ids) == marking.LONGEST + 2
    assert places[1] == (marking.LONGEST, marking.LONGEST)


def test_the_card_names_every_code_that_is_more_than_a_root():
    codes = set(card().codes) - {NONE}
    assert len(codes) >= 296
    assert all(len(code) in {3, 4} for code in codes)
    assert len(card().corpus_sha256) == 64


def test_scores_are_probabilities_and_do_not_depend_on_what_else_is_asked():
    alone = read([(TEXT, WORDS)])
    together = read([("Chad sent food to Niger, whose harvest failed twice.", [(0, 4)]), ("Yes.", []), (TEXT, WORDS)])
    one, other = alone.events([1], [[]])[0], together.events([2], [[]])[0]
    assert one.chances.sum() == pytest.approx(1, abs=1e-4)
    assert one.best(1)[0][0][:2] == other.best(1)[0][0][:2] == "11"
    assert (one.chances == other.chances).all()
    sides = alone.sides([(1, 0), (1, 2)], [[], []])
    assert sides.shape == (2, 2)
    assert sides.argmax(0).tolist() == [0, 1]
    empty = read([])
    assert (len(empty.states), empty.events([], []), empty.sides([], []).shape) == (0, [], (0, 2))


def test_a_marked_pair_has_its_own_direction():
    pairs = [Marked("Kenya was attacked by Somalia.", (22, 29), (0, 5)), Marked(TEXT, (0, 6), (15, 22))]
    assert [scores.best(1)[0][0][:2] for scores in score_pairs(pairs, [[], []])] == ["19", "11"]


def scores(**chances):
    made = np.full(len(card().codes), 1e-6, dtype=np.float32)
    for code, chance in chances.items():
        made[card().codes.index(code.lstrip("_"))] = chance
    return Scores(made / made.sum(), np.ones(6, dtype=np.float32) / 6)


def test_no_event_gives_no_code_unless_the_pair_is_given():
    doubtful = scores(none=0.97, _112=0.02, _111=0.01)
    assert decide.decide(doubtful).code is None
    assert decide.decide(doubtful, pair_given=True).code == "112"
    assert decide.decide(doubtful, pair_given=True).confidence == pytest.approx(1, abs=0.05)


def test_the_parent_stands_where_the_text_says_no_more():
    unclear = scores(_1121=0.1, _1122=0.1, _1123=0.1, _1124=0.1, _1125=0.1, _111=0.09, _110=0.09, _114=0.09, _115=0.09, _112=0.09)
    assert decide.decide(unclear).code == "112"


def test_a_side_nobody_is_likely_to_fill_stays_empty():
    assert decide.chosen([]) == ([], 1.0)
    assert decide.chosen([0.02, 0.01]) == ([], 0.98)
    assert decide.chosen([0.6, 0.9, 0.1])[0] == [1, 0]


def test_the_weights_in_the_package_are_small_enough():
    files = {file.name: file.stat().st_size for file in action_model.FOLDER.iterdir()}
    assert {
        "encoder.onnx",
        "heads.npz",
        "actions.json",
        "tokenizer.json",
        "breaks.npz",
        "homes.json",
        "referents.json",
        "sureness.json",
    } == set(files)
    assert sum(files.values()) <= 35_000_000
    assert json.loads((action_model.FOLDER / "actions.json").read_text(encoding="utf-8"))["decided"]["ece"] < 0.1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pakistan has refused to deploy peacekeepers in Iraq.", [("PAK", "12", "IRQ")]),
        ("The Turkish government ordered the newspaper to suspend publication.", [("TURGOV", "17", "TURMED")]),
        ("Iran accused Israel of restoring ties with Sudan.", [("IRN", "11", "ISR")]),
        ("Japan apologized to South Korea for the wartime killings.", [("JPN", "05", "KOR")]),
        ("Kenyan opposition parties said they would boycott the election.", [("KENOPP", "13", None)]),
        ("Hamas issued a declaration demanding that Israel open the crossings.", [("PSEHMS", "10", "ISR")]),
        ("Russia mounted its long-threatened invasion of Ukraine.", [("RUS", "19", "UKR")]),
        ("The United States lifts embargo on Vietnam.", [("USA", "08", "VNM")]),
        ("Britain is providing intelligence to Morocco, the newspaper said.", [("GBR", "06", "MAR")]),
        ("Rebels attacked an army base in Mali, capturing 20 soldiers.", [("MLIREB", "19", "MLIMIL"), ("MLIREB", "18", "MLIMIL")]),
    ],
)
def test_where_older_coders_fail(text, expected):
    found = {(r.actor, r.action[:2], r.target) for r in code_text(text)}
    for actor, root, target in expected:
        assert any(a == actor and b == root and target in {None, c} for a, b, c in found), found
