"""`index.json`: the releases of a data set and the checksums of their files, for readers who fetch them."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from eventcode import resources
from eventcode.errors import ReleaseError
from eventcode.model.tables import VERSION
from eventcode.publish.write import SUMS, read_sums, sha256

INDEX = "index.json"
CHECKSUM = "index.json.sha256"
DESCRIPTOR = "datapackage.json"

_PART = re.compile(r"[0-9A-Za-z_](?:[0-9A-Za-z._-]*[0-9A-Za-z_-])?")
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_SUM = re.compile(r"([0-9a-f]{64})(?:  index\.json)?\r?\n?")


def _safe(name: str) -> str:
    """Refuse a name that could lead out of a release's folder, or that is not the same file on every system."""
    if not all(_PART.fullmatch(part) and not _DEVICE.fullmatch(part) for part in name.split("/")):
        raise ValueError("a file's name has letters, digits, '.', '_' and '-', with '/' between folders, and leads nowhere else")
    return name


def _day(text: str) -> str:
    return date.fromisoformat(text).isoformat()


class _Model(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class File(_Model):
    """A file of a release.

    >>> File(name="events.parquet", bytes=4, sha256="0" * 64).name
    'events.parquet'
    """

    name: Annotated[str, AfterValidator(_safe)]
    bytes: int = Field(ge=0)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class Listed(_Model):
    """A release as the index lists it."""

    version: str = Field(pattern=f"^(?:{VERSION})$")
    date: Annotated[str, AfterValidator(_day)]
    title: str = Field(min_length=1)
    licence: str = Field(min_length=1)
    files: tuple[File, ...] = Field(strict=False)

    @model_validator(mode="after")
    def _unique(self) -> Self:
        names = [file.name.casefold() for file in self.files]
        if len(set(names)) < len(names):
            raise ValueError(f"{self.version}: a file is listed twice")
        return self

    def file(self, name: str) -> File | None:
        """The file of that name; None where the release has none."""
        return next((file for file in self.files if file.name == name), None)


class Index(_Model):
    """The releases of a data set, oldest first."""

    format: Literal[1] = 1
    name: str = Field(pattern="^[a-z0-9][a-z0-9._-]*$")
    releases: tuple[Listed, ...] = Field(strict=False)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        versions = self.versions()
        if len(set(versions)) < len(versions):
            raise ValueError("a version is listed twice")
        if versions != sorted(versions, key=resources.version_key):
            raise ValueError("the versions are not in order, oldest first")
        return self

    def versions(self) -> list[str]:
        """The versions, oldest first."""
        return [each.version for each in self.releases]

    def release(self, version: str) -> Listed | None:
        """The release of that version; None where there is none."""
        return next((each for each in self.releases if each.version == version), None)


def descriptor(file: Path) -> Mapping[str, Any]:
    """What a release says of itself: its `datapackage.json`.

    Raises:
        ReleaseError: The file is damaged.
    """
    try:
        package: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        if not all(isinstance(name, str) for name in (package["name"], *(each["name"] for each in package["resources"]))):
            raise TypeError("a name is no text")
    except (OSError, LookupError, TypeError, ValueError, RecursionError) as error:
        raise ReleaseError(
            f"the file cannot be read ({type(error).__name__}: {error})", where=str(file), expected="a release, whole"
        ) from error
    return package


def _listed(folder: Path) -> dict[str, Any]:
    """What the index says of the release in a folder."""
    package = descriptor(folder / DESCRIPTOR)
    sums = read_sums(folder) | {SUMS: sha256(folder / SUMS)}
    if missing := sorted(name for name in sums if not (folder / name).is_file()):
        raise ReleaseError(f"a file is missing: {', '.join(missing)}", where=str(folder), expected="a release, whole")
    return {
        "version": folder.name,
        "date": package.get("created", "")[:10],
        "title": package.get("title"),
        "licence": next((each.get("name") for each in package.get("licenses", ())), None),
        "files": [{"name": name, "bytes": (folder / name).stat().st_size, "sha256": sums[name]} for name in sorted(sums)],
    }


def _checked(found: object, where: str) -> Index:
    try:
        return Index.model_validate(found)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc'])) or 'index'}: {fault['msg']}" for fault in error.errors()[:10])
        raise ReleaseError(f"the index is not in order: {faults}", where=where, expected="what `eventcode release` writes") from error


def index(dataset: Path) -> str:
    """The text of `index.json` for the releases in a folder; the same for the same releases.

    Checksums are taken from each release's SHA256SUMS; `eventcode release verify` says whether they hold.

    Raises:
        ReleaseError: There is no release, or one is incomplete.

    >>> read(made := index(resources.DATASET), checksum=hashlib.sha256(made.encode()).hexdigest()).name
    'eventcode'
    """
    newest = resources.release_folder(None, dataset)
    found = {
        "format": 1,
        "name": descriptor(newest / DESCRIPTOR)["name"],
        "releases": [_listed(dataset / version) for version in resources.releases(dataset)],
    }
    _checked(found, str(dataset))
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def replace(path: Path, raw: bytes) -> None:
    """Write a file whole: who reads it meanwhile finds the old one or the new one."""
    handle, beside = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).chmod(0o644)
        Path(beside).replace(path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            Path(beside).unlink()


def renew(dataset: Path) -> None:
    """Write an index that is there anew, where it is not that of the releases: a build that was killed may have left one of before.

    Raises:
        ReleaseError: A release is incomplete, so that none can be listed beside it.
    """
    path = dataset / INDEX
    made = index(dataset) if resources.releases(dataset) else ""
    if path.is_file() and made:
        try:
            read(path)
            fresh = path.read_text(encoding="utf-8") == made
        except ReleaseError:
            fresh = False
        if not fresh:
            write(dataset)


def write(dataset: Path) -> Path:
    """Write `index.json` and `index.json.sha256` beside the releases; returns the path of the index.

    Raises:
        ReleaseError: There is no release, or one is incomplete.
    """
    raw = index(dataset).encode()
    replace(dataset / INDEX, raw)
    replace(dataset / CHECKSUM, f"{hashlib.sha256(raw).hexdigest()}  {INDEX}\n".encode())
    return dataset / INDEX


def read(source: Path | str | bytes, *, checksum: str | None = None, where: str = INDEX) -> Index:
    """Read an index, after its checksum was found to hold.

    Args:
        source: Path of an index.json, or its text or bytes.
        checksum: What index.json.sha256 holds; for a path, read from beside it where not given.
        where: What to call it in messages; a path is called by its own name.

    Raises:
        ReleaseError: There is no index or no checksum, the checksum is another, or the index is not in order.
    """
    where = str(source) if isinstance(source, Path) else where
    try:
        raw = source.read_bytes() if isinstance(source, Path) else source.encode() if isinstance(source, str) else source
        if checksum is None and isinstance(source, Path):
            checksum = source.with_name(CHECKSUM).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise ReleaseError(f"the index cannot be read ({error})", where=where, expected=f"{INDEX}, and {CHECKSUM} beside it") from error
    wanted, found = _SUM.fullmatch(checksum or ""), hashlib.sha256(raw).hexdigest()
    if wanted is None:
        raise ReleaseError(f"the checksum is {(checksum or '')[:80]!r}", where=where, expected="64 hexadecimal digits")
    if wanted[1] != found:
        raise ReleaseError(
            f"the checksum of the index is {found}", where=where, expected=f"{wanted[1]}, as {CHECKSUM} says", fix="fetch both again"
        )
    try:
        return _checked(json.loads(raw), where)
    except (ValueError, RecursionError) as error:
        raise ReleaseError(f"the index is no JSON ({error})", where=where, expected="what `eventcode release` writes") from error
