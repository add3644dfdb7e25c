"""A history of five releases, made by hand: every kind of change, with reasons that are given and reasons that show themselves."""

import csv
from functools import cache
from pathlib import Path

import handmade
import pyarrow.parquet as pq
import pytest

from eventcode.model.tables import Report
from eventcode.publish import release

VERSIONS = ("0.1.0", "0.2.0", "0.3.0", "0.4.0", "0.4.1")
GIVEN = {
    "withdrawn": "the paper withdrew its story",
    "protest": "it was a violent protest",
    "letter": "it was a letter, not a call",
    "call": "it was a call after all",
    "found": "the story stands again",
}


def table(folder: Path, name: str) -> list[dict]:
    """Rows of a table of a release."""
    return pq.read_table(folder / f"{name}.parquet").to_pylist()


def changes(folder: Path) -> list[tuple]:
    """The rows of a release's table of changes."""
    return [tuple(row.values()) for row in table(folder, "changes")]


def events(folder: Path) -> dict[str, dict]:
    """Events of a release by their ids."""
    return {row["event_id"]: row for row in table(folder, "events")}


def offers() -> dict[str, list[dict[str, object]]]:
    """For each version the rows that are offered."""
    rows = handmade.rows()
    found = handmade.row(handmade.METRO, "GEO", "010", "", "2023-09-20", "offensive")
    protest, letter, unsure = {**rows[5], "action": "145"}, {**rows[3], "action": "042"}, {**rows[0], "confidence": 0.5}
    second = [rows[1], rows[2], letter, rows[4], protest, rows[6], found]
    third = [rows[1], rows[2], rows[3], rows[4], protest, rows[6], found, handmade.later()]
    return {"0.1.0": rows, "0.2.0": second, "0.3.0": third, "0.4.0": [unsure, *third], "0.4.1": [*third[::-1], unsure]}


def report(reports: list[dict], **wanted: object) -> str:
    """The id of the one report that has these values."""
    (found,) = (row["report_id"] for row in reports if all(row[name] == value for name, value in wanted.items()))
    return found


def say(folder: Path, reasons: list[tuple[str, str, str]]) -> None:
    """Write the table of reasons."""
    with (folder / "reasons.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([("report_id", "version", "reason"), *reasons])


def plan(dataset: Path, version: str, rows: list[dict[str, object]]) -> release.Planned:
    """A release of the rows, planned."""
    given = handmade.contribute(dataset.parent / f"contributions-{version}", rows)
    return release.plan(version, day=handmade.DAY, contributions=given, articles=handmade.SEEDS, out=dataset)


def made(factory: pytest.TempPathFactory) -> Path:
    """The folder of the releases; made once, for all test modules."""
    return _made(factory.getbasetemp() / "history" / "dataset")


@cache
def _made(dataset: Path) -> Path:
    dataset.parent.mkdir()
    offered = offers()
    told: list[tuple[str, str, str]] = []
    for version in VERSIONS:
        if version == "0.2.0":
            old, new = table(dataset / "0.1.0", "reports"), plan(dataset, version, offered[version]).rows[Report].to_dicts()
            told += [
                (report(old, action="040"), version, GIVEN["withdrawn"]),
                (report(old, action="141"), version, GIVEN["protest"]),
                (report(new, action="042"), version, GIVEN["letter"]),
            ]
        elif version == "0.3.0":
            told.append((report(table(dataset / "0.2.0", "reports"), action="042"), version, GIVEN["call"]))
        elif version == "0.4.0":
            told.append((report(table(dataset / "0.1.0", "reports"), action="040"), version, GIVEN["found"]))
        say(dataset.parent, told)
        handmade.build(dataset, version, offered[version])
    return dataset
