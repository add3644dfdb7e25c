"""Cleaning that never loses the way back: every clean character knows where it stood in the text as given."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import ftfy

from eventcode import resources

_MOJIBAKE = re.compile(r"[^\x00-\x7f]{2,}")
_PLAIN = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "\u00a0": " ", "\u2009": " ", "\t": " ", "\r": " "})
_SPLIT_HYPHEN = re.compile(r"(?<=[a-z])(- )(?!and\b|or\b|to\b)(?=[a-z])|(?<=[a-z])(- )(?=[A-Z][a-z])|(?<=[A-Z]{2})(- )(?=[A-Za-z])")
_SPLIT_INITIALS = re.compile(r"(?<=\b[A-Z]\.)( )(?=[A-Z]\.)|(?<=\b[ap]\.)( )(?=m\.)")
_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DAY_FIRST = re.compile(
    r"(?:(?<=\n)|(?<=[.!?] )|^)"
    rf"(?:On (?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|\d{{1,2}} {_MONTH}(?: \d{{4}})?|{_MONTH} \d{{1,2}}(?:, \d{{4}})?)|In (?:{_MONTH} )?(?:19|20)\d\d)(?= [A-Z])",
    re.MULTILINE,
)
"""A comma after the day keeps the parser from taking "Friday Mike Pompeo" for one name."""
_UNSEEN = re.compile(r"[\u00ad\u200b-\u200d\ufeff\ud800-\udfff]")  # with halves of characters that a broken file left
_HYPHENS = re.compile("[\u2010\u2011]")
_COMBINED = re.compile("\\w[\u0300-\u036f]+")
_LOOSE_DASH = re.compile(r"(?<=\s)-(?=[A-Z][a-z])")
_ENDS_SENTENCE = re.compile(r"[.!?:;\"')\]]\s*$")


@dataclass(frozen=True, slots=True)
class Text:
    """A text as given and as it is parsed.

    Attributes:
        given: The text as given.
        clean: The text that is parsed.
        begins: For each clean character, where its original begins in `given`.
        ends: For each clean character, where its original ends in `given`.
    """

    given: str
    clean: str
    begins: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets into the given text of the clean characters from `start` up to `end`.

        >>> text = clean("A cease- fire held.")
        >>> text.clean, text.given[slice(*text.span(2, 12))]
        ('A cease-fire held.', 'cease- fire')
        """
        return self.begins[start], self.ends[end - 1]

    def replaced(self, pattern: re.Pattern[str], make: Callable[[re.Match[str]], str]) -> Text:
        """The text with every match replaced; what replaces a match stands for all of the match."""
        chars: list[str] = []
        begins: list[int] = []
        ends: list[int] = []
        last = 0
        for match in pattern.finditer(self.clean):
            new = make(match)
            if new == match[0]:
                continue
            chars.append(self.clean[last : match.start()])
            begins += self.begins[last : match.start()]
            ends += self.ends[last : match.start()]
            if new:
                chars.append(new)
                begins += [self.begins[match.start()]] * len(new)
                ends += [self.ends[match.end() - 1]] * len(new)
            last = match.end()
        if not last:
            return self
        chars.append(self.clean[last:])
        return Text(self.given, "".join(chars), (*begins, *self.begins[last:]), (*ends, *self.ends[last:]))


def clean(given: str) -> Text:
    """Mend what news sites do to text: wrong decodings, typographic quotes, words split at "- ", spaced initials.

    >>> clean("the U. S. said â€œnoâ€\x9d").clean
    'the U.S. said "no"'
    """
    text = Text(given, given, tuple(range(len(given))), tuple(range(1, len(given) + 1)))
    text = text.replaced(_UNSEEN, lambda _: "").replaced(_HYPHENS, lambda _: "-")
    text = text.replaced(_COMBINED, lambda match: unicodedata.normalize("NFC", match[0])).replaced(_LOOSE_DASH, lambda _: "")
    text = text.replaced(_MOJIBAKE, lambda match: ftfy.fix_encoding(match[0]))
    text = Text(given, text.clean.translate(_PLAIN), text.begins, text.ends)
    text = text.replaced(_SPLIT_HYPHEN, lambda _: "-")
    text = text.replaced(_SPLIT_INITIALS, lambda _: "")
    return text.replaced(_DAY_FIRST, lambda match: f"{match[0]},")


@cache
def _noise(kind: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{row['pattern']})" for row in resources.rows("noise") if row["kind"] == kind), re.IGNORECASE)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    for match in re.finditer(r"[^\n]+", text):
        if match[0].strip():
            yield match.span()


def _is_wrapped(lines: list[str]) -> bool:
    """True where the lines are the wrapped lines of paragraphs rather than paragraphs."""
    inner = [line for line in lines if 40 <= len(line) <= 120]
    return (
        len(lines) >= 4 and len(inner) >= 0.6 * len(lines) and sum(bool(_ENDS_SENTENCE.search(line)) for line in lines) < 0.6 * len(lines)
    )


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Offsets of the paragraphs of a clean text, without the lines that news sites put around an article.

    >>> article = "Troops left.\\n\\nSpread the love\\n\\nRelated posts\\nOther news came."
    >>> [article[a:b] for a, b in paragraphs(article)]
    ['Troops left.']
    """
    found: list[tuple[int, int]] = []
    spans = list(_lines(text))
    wrapped = _is_wrapped([text[a:b] for a, b in spans])
    for start, end in spans:
        line = text[start:end].strip()
        if _noise("trailer").search(line) and found:
            break
        if _noise("line").search(line) or not re.search(r"[^\W\d_]{2}", line):
            continue
        joins = wrapped and found and text[found[-1][1] : start].count("\n") == 1
        if joins:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found
