"""What a release says of itself in its datapackage.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from eventcode.errors import ReleaseError


def descriptor(folder: Path) -> dict[str, Any]:
    """The data package of a release.

    Raises:
        ReleaseError: There is none, or it cannot be read.
    """
    file = folder / "datapackage.json"
    try:
        package: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        for each in package["resources"]:
            names = [each["name"], each["path"], *(field["name"] for field in each["schema"]["fields"])]
            if not all(isinstance(name, str) for name in names):
                raise TypeError("a name is no text")
    except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
        raise ReleaseError(
            f"the file cannot be read ({type(error).__name__}: {error})", where=str(file), expected="a data package"
        ) from error
    return package


def tables_of(folder: Path) -> list[str]:
    """The tables that a release has."""
    return [each["name"] for each in descriptor(folder)["resources"]]


def columns_of(folder: Path, table: str) -> tuple[str, ...]:
    """The columns that a release says a table of it has; one that was built before a column was added has it not."""
    resource = next(each for each in descriptor(folder)["resources"] if each["name"] == table)
    return tuple(field["name"] for field in resource["schema"]["fields"])
