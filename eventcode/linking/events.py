"""What an event says when its reports differ: the firmest and best placed count, figures are kept as a range."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from eventcode.codebook.actions import action
from eventcode.codebook.actors import name
from eventcode.linking.match import Row
from eventcode.model import grammar
from eventcode.model.tables import BOUNDS, FIGURES, Event

_WHERE = ("place", "country", "latitude", "longitude", "place_precision")
FIRMNESS = ("asserted", "claimed", "historical", "denied", "planned", "hypothetical")
"""Statuses, the firmest first."""
_PRECISION = {"day": 0, None: 0, "week": 1, "month": 2, "year": 3}


def _coder(row: Row) -> tuple[bool, bool, str]:
    """People's rows before models' and programs'."""
    return (not row["coder"].startswith("person:"), not row["coder"].startswith("model:"), row["coder"])


def _most(reports: Sequence[Row], column: str) -> Any:  # noqa: ANN401 - a code
    """The value that most reports give; of two given as often that which says more, then the first."""
    values = [r[column] for r in reports if r[column] is not None]
    counted = Counter(values)
    return max(counted, key=lambda v: (counted[v], len(v.rstrip("0")), -values.index(v)), default=None)


def _dated(reports: Sequence[Row]) -> Row:
    """The report that says best when it was: a day before a month, what the text says before the publication."""
    return min(
        reports,
        key=lambda r: (r["date"] is None, r["date_basis"] == "publication", _PRECISION[r["date_precision"]], r["status"] == "denied"),
    )


def _located(reports: Sequence[Row]) -> Row:
    """The report that says best where it was."""
    return min(reports, key=lambda r: (r["place"] is None and r["country"] is None, r["place"] is None, r["place_precision"] or 8))


def _figures(reports: Sequence[Row], published: Mapping[str, date | None]) -> dict[str, Any]:
    """For each kind the lowest and highest figure of all reports, and the best of the last that gives one: tolls are corrected as time goes by."""
    latest = sorted(reports, key=lambda r: published.get(r["source"]) or date.min)
    found: dict[str, Any] = {}
    by: Row | None = None
    for what in FIGURES:
        given = [r[f"{what}_{bound}"] for r in reports for bound in BOUNDS if r[f"{what}_{bound}"] is not None]
        best = next((r for r in reversed(latest) if r[f"{what}_best"] is not None), None)
        differ = len({r[f"{what}_best"] for r in reports} - {None}) > 1
        found |= {
            f"{what}_low": min(given) if differ or any(r[f"{what}_low"] is not None for r in reports) else None,
            f"{what}_best": best[f"{what}_best"] if best else None,
            f"{what}_high": max(given) if differ or any(r[f"{what}_high"] is not None for r in reports) else None,
        }
        by = by or best
    return found | {"figures_by": by["figures_by"] if by else next((r["figures_by"] for r in reports if r["figures_by"]), None)}


def event(
    event_id: str, reports: Sequence[Row], publishers: Mapping[str, str | None], published: Mapping[str, date | None], denies: str | None
) -> Event:
    """One event from its reports, which come in order of day, article and place.

    Its status is the firmest of its reports'; its codes are those that most reports with this status give, people's before models' and programs'.
    """
    status = min((r["status"] for r in reports), key=FIRMNESS.index)
    firmest = [r for r in reports if r["status"] == status]
    coder = min(firmest, key=_coder)["coder"]
    coded = [r for r in firmest if r["coder"] == coder]
    best, when, where = coded[0], _dated(coded if any(r["date"] for r in coded) else reports), _located(reports)
    actor, target = (_most(coded, side) or _most(reports, side) for side in ("actor", "target"))
    known = action(_most(coded, "action"))
    denial = next((r for r in reports if r["status"] == "denied"), None)
    return Event(
        event_id=event_id,
        actor=actor,
        action=known.code,
        target=target,
        date=when["date"],
        source=reports[0]["source"],
        date_end=when["date_end"],
        date_precision=when["date_precision"] or next((r["date_precision"] for r in reports if r["date_precision"] and r["date"] == when["date"]), None),
        date_basis=when["date_basis"],
        actor_name=name(actor) if actor else None,
        actor_country=grammar.country(actor),
        target_name=name(target) if target else None,
        target_country=grammar.country(target),
        root=known.root,
        quad_class=known.quad_class,
        goldstein=known.goldstein,
        plover=known.plover or None,
        **{column: where[column] for column in _WHERE},
        status=status,
        attributed_to=best["attributed_to"],
        **_figures(reports, published),
        denied_by=denial["attributed_to"] if denial else None,
        denies=denies,
        n_reports=len(reports),
        n_sources=len({publishers.get(r["source"]) or r["source"] for r in reports}),
        confidence=max((r["confidence"] for r in coded if r["confidence"] is not None), default=None),
        coder=coder,
        revision=0,
    )  # fmt: skip
