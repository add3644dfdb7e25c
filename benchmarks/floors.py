"""Accuracy floors: below these figures, over our own gold, a change of the coder is a step back.

    python benchmarks/floors.py                      measure, and compare with tests/data/floors.json
    python benchmarks/floors.py --update             write new floors; none may be lower than the old
    python benchmarks/floors.py --update --corpus-changed "why the sentences changed"

The gold is the sentences that were held out from training (`training/prepare.py`), and the codebook's examples and decoys.

Exit code 0: at or above all floors. 1: below one, or the gold is another. 2: could not measure, or refused to lower a floor.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eventcode.codebook.actions import Action, actions
from eventcode.errors import EventcodeError

if TYPE_CHECKING:
    from eventcode.coder.articles import SourceArticle
    from eventcode.evaluation import Gold, Report

ROOT = Path(__file__).resolve().parents[1]
FLOORS = ROOT / "tests" / "data" / "floors.json"
SENTENCES = ROOT / "training" / "sentences"
ALLOWANCE = 0.005
"""How far a figure may fall before it is below its floor."""

Figures = dict[str, float]


class FloorError(EventcodeError):
    """Floors would be lowered."""


# ---- the gold ------------------------------------------------------------------------------------------------------------------------


def held_out(folder: Path = SENTENCES) -> list[dict[str, Any]]:
    """The sentences that were held out from training.

    Raises:
        EventcodeError: There are none.
    """
    sys.path.insert(0, str(ROOT / "training"))
    try:
        import prepare  # type: ignore[import-not-found]
    finally:
        sys.path.pop(0)
    found = [row for row in prepare.rows(folder) if prepare.is_held_out(row["text"])]
    if not found:
        raise EventcodeError("there are no sentences", where=str(folder), expected="files *.jsonl", fix="see training/WRITING.md")
    return found


def digest(rows: Sequence[Mapping[str, Any]], codebook: Sequence[Action]) -> str:
    """SHA-256 of the gold; the order of the sentences does not count."""
    lines = [json.dumps({"text": row["text"], "events": row["events"]}, sort_keys=True) for row in rows]
    lines += [json.dumps([each.code, each.example, each.decoy]) for each in codebook]
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


# ---- measuring -----------------------------------------------------------------------------------------------------------------------


def of_held_out(
    golds: Sequence[Gold], reports: Sequence[Sequence[Report]], given: Sequence[Gold], one: Sequence[Sequence[Report]]
) -> Figures:
    """Figures of the held-out sentences, coded whole and by their marked pairs."""
    from eventcode.evaluation import evaluate

    raw, pair = evaluate(golds, reports), evaluate(given, one)
    return {
        "held_out.root_given": pair.value("level_1"),
        "held_out.code_given": pair.value("level_3"),
        "held_out.root_raw": raw.value("level_1"),
        "held_out.code_raw": raw.value("level_3"),
        "held_out.precision_raw": raw.value("precision"),
    }


def has_code(action: Action, codes: set[str]) -> bool:
    """True where the action's code is among the codes; a code of two digits is there where its root is."""
    return action.code in (codes if action.level > 1 else {code[:2] for code in codes})


def of_codebook(codebook: Sequence[Action], examples: Sequence[Sequence[Report]], decoys: Sequence[Sequence[Report]]) -> Figures:
    """Share of the examples with a report of their root, of those with their code, and of the decoys without a report of the row's code."""
    made = [{report.action for report in reports} for reports in examples]
    wrong = [{report.action for report in reports} for reports in decoys]
    return {
        "codebook.example_root": sum(a.root in {c[:2] for c in codes} for a, codes in zip(codebook, made, strict=True)) / len(codebook),
        "codebook.example_code": sum(has_code(a, codes) for a, codes in zip(codebook, made, strict=True)) / len(codebook),
        "codebook.decoy_not_wrong": sum(not has_code(a, codes) for a, codes in zip(codebook, wrong, strict=True)) / len(codebook),
    }


def measure(rows: Sequence[Mapping[str, Any]], codebook: Sequence[Action]) -> Figures:
    """Code the gold and measure; takes minutes."""
    from eventcode import evaluation
    from eventcode.coder.articles import SourceArticle
    from eventcode.coder.code import code

    def coded(texts: Sequence[SourceArticle], *, given_actors: bool = False) -> list[Sequence[Report]]:
        return [each.reports for each in code(texts, given_actors=given_actors)]

    texts = [SourceArticle(f"held-out-{n}", row["text"], None, {}) for n, row in enumerate(rows)]
    golds = [
        evaluation.gold({"events": row["events"]}, text, where=text.id, number=n)
        for n, (row, text) in enumerate(zip(rows, texts, strict=True))
    ]
    given = evaluation.pairs(golds)
    examples, decoys = (
        coded([SourceArticle(f"{kind}-{a.code}", text, None, {}) for a in codebook for text in [getattr(a, kind)]])
        for kind in ("example", "decoy")
    )
    return {
        **of_held_out(golds, coded(texts), given, coded([one.article for one in given], given_actors=True)),
        **of_codebook(codebook, examples, decoys),
    }


# ---- comparing -----------------------------------------------------------------------------------------------------------------------


def faults(floors: Mapping[str, Any], figures: Mapping[str, float], corpus: str) -> list[str]:
    """What is wrong with figures: below their floor, not measured, or measured on another gold; one line each."""
    made = []
    if corpus != floors["corpus_sha256"]:
        made.append(f"the gold changed: its digest is {corpus[:12]}, the floors are of {floors['corpus_sha256'][:12]}")
    for name, floor in floors["floors"].items():
        if name not in figures:
            made.append(f"{name} was not measured; its floor is {floor:.4f}")
        elif round(figures[name], 4) < floor:
            made.append(f"{name} is {figures[name]:.4f}, below its floor {floor:.4f}")
    return made


def updated(old: Mapping[str, Any] | None, figures: Mapping[str, float], corpus: str, reason: str = "") -> dict[str, Any]:
    """New floors.

    Args:
        old: The floors that are there; None where there are none.
        figures: The figures measured.
        corpus: Digest of the gold that they were measured on.
        reason: Why the gold changed.

    Raises:
        FloorError: A floor would be lowered; or a reason is given and the gold did not change.
    """
    floors = {name: round(round(value, 4) - ALLOWANCE, 4) for name, value in figures.items()}
    if old is None:
        return {"corpus_sha256": corpus, "floors": floors, "changes": []}
    is_other = corpus != old["corpus_sha256"]
    if reason and not is_other:
        raise FloorError(f"the gold did not change: its digest is {corpus[:12]}", fix="leave out --corpus-changed")
    lower = {name: (floor, floors.get(name)) for name, floor in old["floors"].items() if name not in floors or floors[name] < floor}
    if lower and not reason:
        said = "; ".join(f"{name}: old {was:.4f}, new {'none' if now is None else f'{now:.4f}'}" for name, (was, now) in lower.items())
        raise FloorError(
            f"{'the gold changed, and ' if is_other else ''}floors would be lowered: {said}",
            expected="floors that stay or rise",
            fix='mend the coder, or say why the gold changed: --corpus-changed "reason"' if is_other else "mend the coder",
        )
    change = {
        "reason": reason or "(no floor was lowered)",
        "from": old["corpus_sha256"],
        "to": corpus,
        "lowered": {name: {"old": was, "new": now} for name, (was, now) in lower.items()},
    }
    return {"corpus_sha256": corpus, "floors": floors, "changes": [*old.get("changes", []), *([change] if is_other else [])]}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, then compare or write; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true", help="write new floors; none may be lower than the old")
    parser.add_argument(
        "--corpus-changed", metavar="REASON", default="", help="why the gold changed, where floors have to be lowered for it"
    )
    parser.add_argument("--sentences", type=Path, default=SENTENCES, help="folder of the sentences")
    parser.add_argument("--floors", type=Path, default=FLOORS, help="file of the floors")
    options = parser.parse_args(arguments)
    if options.corpus_changed and not options.update:
        parser.error("--corpus-changed goes with --update")
    try:
        old = json.loads(options.floors.read_text(encoding="utf-8")) if options.floors.is_file() else None
        if old is None and not options.update:
            raise EventcodeError("there are no floors", where=str(options.floors), fix="write them with --update")
        rows, codebook = held_out(options.sentences), list(actions().values())
        corpus, figures = digest(rows, codebook), measure(rows, codebook)
        for name, value in figures.items():
            floor = (old or {"floors": {}})["floors"].get(name)
            print(f"{name:28} {value:.4f}" + (f"  floor {floor:.4f}" if floor is not None else ""))
        if options.update:
            made = updated(old, figures, corpus, options.corpus_changed.strip())
            options.floors.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
            return 0
    except EventcodeError as error:
        print(f"floors: {error}", file=sys.stderr)
        return 2
    found = faults(old or {}, figures, corpus)
    print(*(f"floors: {fault}" for fault in found), sep="\n", end="\n" if found else "", file=sys.stderr)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
