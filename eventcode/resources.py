"""Where the package's data lie, in a checkout and in an installed wheel alike, and how its codelists are read."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

from eventcode.errors import ReleaseError

VERSION = "0.5.0"
"""Version of the program; releases of data have their own."""

_PACKAGE = Path(__file__).resolve().parent
_ROOT = _PACKAGE / "_data" if (_PACKAGE / "_data").is_dir() else _PACKAGE.parent

SCHEMA = _ROOT / "schema"
DATASET = _ROOT / "dataset"

_VERSION = re.compile(r"(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*)){2}")


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Rows of the codelist `schema/<name>.csv`, every value as text, empty where missing.

    >>> rows("actions")[0]["code"]
    '01'
    """
    with (SCHEMA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def codes(name: str) -> frozenset[str]:
    """All codes of the codelist `schema/<name>.csv`.

    >>> "190" in codes("actions"), "42" in codes("actions")
    (True, False)
    """
    return frozenset(row["code"] for row in rows(name))


def version_key(version: str) -> tuple[int, ...]:
    """The parts of a release's version, for sorting.

    >>> sorted(["0.10.0", "0.9.1"], key=version_key)
    ['0.9.1', '0.10.0']
    """
    return tuple(int(part) for part in version.split("."))


def releases(dataset: Path = DATASET) -> list[str]:
    """Versions of the releases that lie in `dataset`, oldest first; a build that is under way is none."""
    found = (p.parent.name for p in dataset.glob("*/datapackage.json"))
    return sorted((name for name in found if _VERSION.fullmatch(name)), key=version_key)


def release_folder(version: str | None = None, dataset: Path = DATASET) -> Path:
    """The folder of a release; the newest where no version is given.

    Raises:
        ReleaseError: There is no such release.
    """
    known = releases(dataset)
    if not known or (version is not None and version not in known):
        raise ReleaseError(
            f"no such release: {version}" if version else "no release found",
            where=str(dataset),
            expected=f"one of {', '.join(known)}" if known else "a folder <version>/ with datapackage.json",
        )
    return dataset / (version or known[-1])
