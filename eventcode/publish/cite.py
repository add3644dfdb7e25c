"""How to cite a release."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from eventcode import resources
from eventcode.errors import EventcodeError
from eventcode.publish.metadata import Release, citation_cff


def _bibtex(release: Release) -> str:
    day = date.fromisoformat(release.date)
    fields = {
        "author": f"{{{release.creator}}}",
        "title": f"{{{release.title}}}",
        "year": str(day.year),
        "month": str(day.month),
        "version": release.version,
        "publisher": f"{{{release.creator}}}",
        "note": f"Data set, version {release.version}, licence {release.licence}",
    }
    body = ",\n".join(f"  {key} = {{{value}}}" for key, value in fields.items())
    return f"@misc{{{release.name}_{release.version.replace('.', '_')},\n{body}\n}}\n"


def _apa(release: Release) -> str:
    return f"{release.creator}. ({release.date[:4]}). {release.title} (Version {release.version}) [Data set].\n"


def _ris(release: Release) -> str:
    lines = [
        ("TY", "DATA"), ("AU", release.creator), ("TI", release.title), ("PY", release.date[:4]), ("DA", release.date.replace("-", "/")),
        ("ET", release.version), ("AB", release.description), *(("KW", word) for word in release.keywords), ("ER", ""),
    ]  # fmt: skip
    return "".join(f"{tag}  - {value}\r\n" for tag, value in lines)


def _csl(release: Release) -> str:
    item = {
        "id": f"{release.name}-{release.version}",
        "type": "dataset",
        "title": release.title,
        "author": [{"literal": release.creator}],
        "issued": {"date-parts": [[int(part) for part in release.date.split("-")]]},
        "version": release.version,
        "abstract": release.description,
        "license": release.licence,
    }
    return json.dumps([item], indent=1, ensure_ascii=False) + "\n"


FORMATS: Mapping[str, Callable[[Release], str]] = {"apa": _apa, "bibtex": _bibtex, "cff": citation_cff, "csl-json": _csl, "ris": _ris}


def cite(version: str | None = None, *, style: str = "apa", dataset: Path | None = None) -> str:
    """The citation of a release.

    Args:
        version: Version of the release; the newest where not given.
        style: "apa", "bibtex", "cff", "csl-json" or "ris".
        dataset: Folder of the releases; the package's own where not given.

    Raises:
        ReleaseError: There is no such release.
        EventcodeError: There is no such format.

    >>> cite("0.1.0").startswith("The eventcode contributors. (")
    True
    """
    if style not in FORMATS:
        raise EventcodeError(f"no such format: {style}", expected=f"one of {', '.join(FORMATS)}")
    return FORMATS[style](Release.read_release(resources.release_folder(version, dataset or resources.DATASET)))
