"""Output files: whole or not there, and never in place of another unless that is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from eventcode.errors import InputError


def free(path: Path, *, force: bool) -> None:
    """Refuse an output that is there already, or whose folder is not.

    Raises:
        InputError: The file exists and `force` is not given; its folder does not exist.
    """
    if not path.parent.is_dir():
        raise InputError("no such folder", where=str(path.parent), expected="a folder that is there", fix=f"mkdir -p {path.parent}")
    if path.is_dir():
        raise InputError("this is a folder", where=str(path), expected="the name of a file")
    if path.exists() and not force:
        raise InputError(
            "the file is there already", where=str(path), expected="a new name", fix="give another name, or --force to replace it"
        )


def write(files: Mapping[Path, str], *, force: bool = False) -> None:
    """Write texts as UTF-8, line ends as they are; no file is put in place before all are written.

    Raises:
        InputError: A file exists and `force` is not given.
    """
    for path in files:
        free(path, force=force)
    beside = {path: path.with_name(f".{path.name}.partial") for path in files}
    try:
        for path, text in files.items():
            beside[path].write_bytes(text.encode())
        for path, partial in beside.items():
            partial.replace(path)
    finally:
        for partial in beside.values():
            partial.unlink(missing_ok=True)


def read(path: Path) -> str:
    """Text of a file in UTF-8, line ends as they are.

    Raises:
        InputError: There is no such file, or it is not UTF-8.
    """
    if not path.is_file():
        raise InputError("no such file", where=str(path), expected="a file that is there")
    try:
        return path.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise InputError(
            f"byte {error.start} is not UTF-8", where=str(path), expected="text in UTF-8", fix="save the file as UTF-8"
        ) from error
