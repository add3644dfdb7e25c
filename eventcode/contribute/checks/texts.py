"""Rules that look each different text up once: garbled letters, places in another country."""

from __future__ import annotations

import contextlib
from functools import cache

import polars as pl

from eventcode.coder import gazetteer
from eventcode.contribute.judge.codes import countries_by_name
from eventcode.contribute.notes import Notes

_ODD = r"[ÃÂâÅÄÐÑ×Ø][\u0080-\u00bf‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ¡-¿]|ï¿½|\ufffd"
_TEXTS = ("trigger", "actor_text", "target_text", "place", "note", "event")


def _mended(text: str) -> str | None:
    """What a text was before it was read in a wrong encoding; None where nothing shows that it was."""
    import ftfy

    found: str = ftfy.fix_encoding(text)
    if found == text:  # ftfy leaves pairs alone that some language may have; bytes that are UTF-8 to the last are none
        with contextlib.suppress(UnicodeError):
            found = text.encode("cp1252").decode("utf-8")
    return found if found != text else "the text as it was" if "\ufffd" in text else None


def garbled(frame: pl.DataFrame, notes: Notes) -> None:
    """Note texts that were read in a wrong encoding."""
    for name in _TEXTS:
        if name not in frame.columns or frame[name].len() == frame[name].null_count():
            continue
        odd = frame[name].str.contains(_ODD).fill_null(value=False)
        if not odd.any():
            continue
        mended = {text: was for text in frame[name].filter(odd).unique(maintain_order=True) if (was := _mended(text))}
        if not mended:
            continue
        becomes = pl.col(name).replace_strict(list(mended), list(mended.values()), default=None, return_dtype=pl.String)
        say: dict[str, pl.Expr | str | None] = {
            "found": pl.col(name),
            "expected": becomes,
            "fix": "save the file as UTF-8 from where it was made",
        }
        notes.note("EC226", name, odd & frame[name].is_in(list(mended)), frame, say)


@cache
def _countries(place: str) -> frozenset[str]:
    """The countries that have a place of this name; none where one of its places lies in no one country, or the name is not known."""
    found = gazetteer.places().get(gazetteer.key(place), ())
    named = countries_by_name().get(place.casefold())
    return (
        frozenset()
        if any(p.country is None for p in found)
        else frozenset(p.country for p in found if p.country) | {*filter(None, [named])}
    )


def elsewhere(frame: pl.DataFrame, notes: Notes) -> None:
    """Note places whose name is known, and not in the country that the row gives."""
    if not {"place", "country"} <= set(frame.columns):
        return
    pairs = frame.select("place", "country").drop_nulls().unique(maintain_order=True)
    wrong = [(place, country, known) for place, country in pairs.iter_rows() if (known := _countries(place)) and country not in known]
    if not wrong:
        return
    table = pl.DataFrame(
        {"place": [p for p, _, _ in wrong], "country": [c for _, c, _ in wrong], "known": [", ".join(sorted(k)[:5]) for _, _, k in wrong]}
    )
    told = frame.select("place", "country").join(table, on=["place", "country"], how="left", maintain_order="left")
    good = notes.good(["place", "country"])
    mask = told["known"].is_not_null()
    say: dict[str, pl.Expr | str | None] = {
        "found": pl.format("{}, {}", "place", "country"),
        "expected": pl.format("a country with a place of this name: {}", "known"),
        "fix": "mend place or country",
    }
    notes.note("EC422", "country", mask & good if good is not None else mask, told, say)
