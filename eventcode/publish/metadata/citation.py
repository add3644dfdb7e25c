"""A release, or the part of it that was used, cited in the forms that people and their programs read."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from eventcode.publish.metadata.about import Release
from eventcode.publish.metadata.described import given

_TEX = {sign: f"\\{sign}" for sign in "&%$#_{}"} | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
_LONE = {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"}


@dataclass(frozen=True, slots=True)
class Cited:
    """What is cited.

    Attributes:
        release: The release.
        part: Which part of it was used, in words; empty for all of it.
        content: What the checksum is of: a table, or the part that was used.
        sha256: Checksum of that content; empty where not known.
    """

    release: Release
    part: str = ""
    content: str = ""
    sha256: str = ""

    @property
    def key(self) -> str:
        """A key for reference managers, another for each release and each part."""
        name = f"{self.release.name}-{self.release.version}"
        return f"{name}-{self.sha256[:8]}" if self.part else name

    @property
    def fingerprint(self) -> str:
        """The checksum, and of what it is."""
        return f"SHA-256 of the content of {self.content}: {self.sha256}" if self.sha256 else ""

    @property
    def link(self) -> str:
        """Where it is found: its DOI, or its page."""
        return self.release.doi_url or self.release.homepage


def _line(text: str) -> str:
    return " ".join(text.split())


def _in_pairs(text: str) -> bool:
    """True where each brace has its other."""
    depth = 0
    for sign in text:
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            return False
    return depth == 0


def _tex(text: str) -> str:
    r"""Text for BibTeX: the signs that mean something to it, escaped; a brace without its other, which it cannot read, by its name.

    >>> print(_tex("50 % {of} R&D"), _tex("a { b"))
    50 \% \{of\} R\&D a \textbraceleft{} b
    """
    line = _line(text)
    signs: dict[str, str | int | None] = {**_TEX, **({} if _in_pairs(line) else _LONE)}
    return line.translate(str.maketrans(signs))


def bibtex(cited: Cited) -> str:
    """As BibTeX; inner braces keep the author one name and the title's capitals."""
    release, day = cited.release, date.fromisoformat(cited.release.date)
    note = "; ".join(filter(None, (f"Data set, version {release.version}, licence {release.licence}", cited.part, cited.fingerprint)))
    fields = {
        "author": f"{{{_tex(release.creator)}}}",
        "title": f"{{{_tex(release.title)}}}",
        "year": str(day.year),
        "month": str(day.month),
        "version": release.version,
        "publisher": _tex(release.published_by),
        "doi": release.doi,
        "url": cited.link,
        "note": _tex(note),
    }
    body = ",\n".join(f"  {key} = {{{value}}}" for key, value in given(fields).items())
    return f"@misc{{{cited.key.replace('.', '_').replace('-', '_')},\n{body}\n}}\n"


def apa(cited: Cited) -> str:
    """As the American Psychological Association has it (7th edition)."""
    release = cited.release
    about = "; ".join(filter(None, (f"Version {release.version}", cited.part, cited.part and cited.fingerprint)))
    publisher = "" if release.published_by == release.creator else f" {release.published_by.rstrip('.')}."
    link = f" {cited.link}" if cited.link else ""
    creator = release.creator.rstrip(".")
    return _line(f"{creator}. ({release.date[:4]}). {release.title} ({about}) [Data set].{publisher}{link}") + "\n"


def text(cited: Cited) -> str:
    """As a sentence or two that say all."""
    release = cited.release
    sentences = [
        f"{release.creator} ({release.date[:4]}): {release.title}",
        f"Version {release.version} of {release.date}, {release.licence}",
        cited.part[:1].upper() + cited.part[1:],
        cited.fingerprint,
    ]
    found = [sentence.rstrip(".") + "." for sentence in sentences if sentence]
    return _line(" ".join([*found, cited.link])) + "\n"


def ris(cited: Cited) -> str:
    """As RIS, which most reference managers import."""
    release = cited.release
    lines = [
        ("TY", "DATA"), ("ID", cited.key), ("AU", release.creator), ("TI", release.title), ("PY", release.date[:4]),
        ("DA", release.date.replace("-", "/")), ("ET", release.version), ("PB", release.published_by), ("DO", release.doi), ("UR", cited.link),
        ("AB", release.description), ("N1", cited.part), ("N1", cited.fingerprint), *(("KW", word) for word in release.keywords),
    ]  # fmt: skip
    return "".join(f"{tag}  - {_line(value)}\r\n" for tag, value in lines if value) + "ER  - \r\n"


def csl_json(cited: Cited) -> str:
    """As CSL-JSON, which Zotero and pandoc read."""
    release = cited.release
    item = {
        "id": cited.key,
        "type": "dataset",
        "title": release.title,
        "author": [{"literal": release.creator}],
        "issued": {"date-parts": [[int(part) for part in release.date.split("-")]]},
        "version": release.version,
        "publisher": release.published_by,
        "abstract": release.description,
        "license": release.licence,
        "DOI": release.doi,
        "URL": cited.link,
        "note": "; ".join(filter(None, (cited.part, cited.fingerprint))),
    }
    return json.dumps([given(item)], indent=1, ensure_ascii=False) + "\n"


def cff(cited: Cited) -> str:
    """As a Citation File Format (1.2) text, whose identifiers have the checksum."""
    release = cited.release
    described = ": ".join(filter(None, (f"SHA-256 of the content of {cited.content}", cited.part)))
    identifier = {"type": "other", "value": f"sha256:{cited.sha256}", "description": described}
    link = {"orcid" if release.orcid else "website": release.creator_url}
    found: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "If you use this dataset, please cite it as below.",
        "type": "dataset",
        "title": release.title,
        "abstract": release.description,
        "authors": [given({"name": release.creator, **link})],
        "version": release.version,
        "date-released": release.date,
        "license": release.licence,
        **given({"doi": release.doi, "url": release.homepage, "identifiers": [identifier] if cited.sha256 else []}),
        "keywords": release.keywords,
    }
    return yaml.safe_dump(found, sort_keys=False, allow_unicode=True, width=1000)


def citation_cff(release: Release) -> str:
    """CITATION.cff of a release."""
    return cff(Cited(release))


FORMATS: Mapping[str, Callable[[Cited], str]] = {
    "apa": apa, "bibtex": bibtex, "cff": cff, "csl-json": csl_json, "ris": ris, "text": text,
}  # fmt: skip
