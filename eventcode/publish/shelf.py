"""Where releases are read from: a folder, or an archive of which they are fetched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from eventcode import resources
from eventcode.errors import ReleaseError
from eventcode.publish.index import DESCRIPTOR, descriptor


@dataclass(frozen=True, slots=True)
class Shelf:
    """Releases, wherever they lie.

    Attributes:
        where: The folder or address, with a slash at its end.
        versions: The versions, oldest first.
        day: The day of publication of a version, as ISO 8601 has it.
        file: The path of a file of a version.
    """

    where: str
    versions: tuple[str, ...]
    day: Callable[[str], str]
    file: Callable[[str, str], Path]

    def pick(self, version: str | None = None, as_of: date | str | None = None) -> str:
        """The version that is wanted: that one, or the newest of a day or before, or the newest.

        Raises:
            ReleaseError: There is none.
        """
        if not self.versions or (version is not None and version not in self.versions):
            raise ReleaseError(
                f"no such release: {version}" if version else "no release found",
                where=self.where,
                expected=f"one of {', '.join(self.versions)}" if self.versions else f"a folder <version>/ with {DESCRIPTOR}",
                fix="name the archive that has it in registry" if version and not self.where.startswith("http") else "",
            )
        if version is not None or as_of is None:
            return version or self.versions[-1]
        day = _day(as_of)
        if found := [each for each in self.versions if self.day(each) <= day]:
            return found[-1]
        first = self.versions[0]
        raise ReleaseError(
            f"there was no release by {day}", where=self.where, expected=f"{self.day(first)}, the day of {first}, or a later one"
        )


def _day(given: date | str) -> str:
    try:
        day = (date.fromisoformat(given) if isinstance(given, str) else given).isoformat()[:10]
        return date.fromisoformat(day).isoformat()
    except (AttributeError, ValueError) as error:
        raise ReleaseError(f"as_of is {given!r}", expected="a day such as 2026-12-01") from error


def shelf(dataset: Path | None = None, registry: str | Path | None = None, version: str | None = None) -> Shelf:
    """The releases in a folder, or of an archive.

    Args:
        dataset: Folder of the releases; the package's own where neither is given.
        registry: Address or folder of an archive with an index.json.
        version: The release that is wanted, for which an archive need not be asked where it is known already.

    Raises:
        ReleaseError: Both are given, or the archive cannot be reached.
    """
    if registry is None:
        folder = Path(dataset or resources.DATASET)
        return Shelf(
            f"{folder}/", tuple(resources.releases(folder)), lambda each: _created(folder / each), lambda each, name: folder / each / name
        )
    if dataset is not None:
        raise ReleaseError("both dataset and registry are given", expected="one of them")
    from eventcode.publish.fetch import archive

    found = archive(registry, version)
    return Shelf(found.where, tuple(found.versions()), found.day, found.file)


def _created(folder: Path) -> str:
    return str(descriptor(folder / DESCRIPTOR).get("created", ""))[:10]
