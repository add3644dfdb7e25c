"""A small contribution, made by hand for the articles in seeds/, and releases that are built from it."""

import csv
import subprocess
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from eventcode.coder.articles import read
from eventcode.publish import metadata, release

ROOT = Path(__file__).resolve().parents[1]
SEEDS = ROOT / "seeds"
DAY = date(2026, 1, 31)
ABOUT = metadata.About(
    name="handmade",
    title="Handmade: events for the tests",
    description="Rows made by hand.",
    creator="The testers",
    licence="CC-BY-4.0",
    licence_url="https://creativecommons.org/licenses/by/4.0/",
    keywords=["test", "events"],
)

AMPGOO, POST, INEWS, BULGARIAN, METRO = (
    "karabakh-2020-10-09-ampgoo",
    "karabakh-2020-10-10-nationalpost",
    "karabakh-2020-10-24-inewstoday",
    "karabakh-2020-11-09-bulgarianmilitary",
    "karabakh-2023-09-22-metrotimes",
)
COLUMNS = (
    "source", "actor", "action", "target", "date", "status", "attributed_to", "trigger", "start", "end",
    "deaths_low", "deaths_best", "deaths_high", "coder", "confidence",
)  # fmt: skip


def row(source: str, actor: str, action: str, target: str, day: str, trigger: str, **more: object) -> dict[str, object]:
    """A row of a contribution; where the trigger stands is looked up in the article."""
    text = next(iter(read([SEEDS / f"{source}.md"]))).text
    start = text.index(trigger)
    known = {"source": source, "actor": actor, "action": action, "target": target, "date": day, "trigger": trigger}
    return {"coder": "person:tester", **known, "start": start, "end": start + len(trigger), **more}


def rows() -> list[dict[str, object]]:
    """Seven reports of six events: codes with leading zeros, missing values, figures, and one event in two articles."""
    return [
        row(AMPGOO, "RUSGOV", "040", "ARMGOV", "2020-10-09", "met", confidence=0.9),
        row(AMPGOO, "", "190", "NKR", "2020-10-09", "shelled"),
        row(AMPGOO, "RUSGOV", "041", "ARMGOV", "2020-10-08", "spoken", status="claimed", attributed_to="RUSGOV"),
        row(POST, "RUSGOV", "041", "ARMGOV", "2020-10-08", "telephoned", confidence=0.8),
        row(INEWS, "ARM", "196", "AZE", "2020-10-10", "violated", status="claimed", attributed_to="AZEGOV"),
        row(METRO, "ARMCVL", "141", "ARMGOV", "2023-09-21", "protested"),
        row(METRO, "AZEMIL", "190", "NKR", "2023-09-20", "offensive", deaths_low=0, deaths_best=200, confidence=0.5),
    ]


def later() -> dict[str, object]:
    """One more report, of an event that `rows` holds already, with the highest figure of its deaths."""
    return row(BULGARIAN, "", "190", "NKR", "2020-10-09", "bombed", deaths_high=63)


def contribute(folder: Path, wanted: Iterable[dict[str, object]], name: str = "handmade.csv") -> Path:
    """Write rows as a contribution; returns its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(wanted)
    return folder


def build(
    out: Path, version: str = "0.1.0", wanted: Iterable[dict[str, object]] | None = None, articles: Path = SEEDS, day: date | None = None
) -> Path:
    """Build a release from rows written for it alone; returns its folder."""
    given = contribute(out.parent / f"contributions-{version}", rows() if wanted is None else wanted)
    return release.build(version, day=day or DAY, contributions=given, articles=articles, out=out, about=ABOUT)


def python(*args: str, cwd: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run this Python elsewhere, and give back what it printed."""
    return subprocess.run([sys.executable, *args], cwd=cwd, env=env, capture_output=True, text=True, check=False)
