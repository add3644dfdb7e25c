"""Small releases that cases of the gate are checked against, made where a test runs."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import polars as pl

from eventcode.contract.frames import frame
from eventcode.model.tables import Report

_PUBLISHED = {"status": "asserted", "date": date(2020, 10, 9), "coder": "person:anna"}
_REPORTS = (
    {"actor": "AZEMIL", "action": "190", "target": "ARM", "article_id": "valley-1", "start": 19, "end": 26, "trigger": "shelled"},
    {"actor": "AZEMIL", "action": "010", "target": None, "article_id": "valley-2"},
)
_CATEGORIES = ("article_id", "actor", "action", "target", "status", "coder")


def release(folder: Path) -> None:
    """Make `dataset/1.0.0/` with two reports, the second without target and place, in the types of a real release."""
    made = folder / "dataset" / "1.0.0"
    made.mkdir(parents=True)
    (made / "datapackage.json").write_text('{"name": "small", "version": "1.0.0"}\n', encoding="utf-8")
    ids = [{"report_id": f"R{number:016x}", "event_id": f"E{number:016x}"} for number in (1, 2)]
    reports = frame(Report, [id_ | report | _PUBLISHED for id_, report in zip(ids, _REPORTS, strict=True)])
    reports.with_columns(pl.col(*_CATEGORIES).cast(pl.Categorical)).write_parquet(made / "reports.parquet")


MADE: Mapping[str, Callable[[Path], None]] = {f"{code}/{which}": release for code in ("EC504", "EC505") for which in ("wrong", "right")}
"""What a case needs besides its files, by the case's folder."""
