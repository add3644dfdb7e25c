"""The tables of a release and the row of a contribution: each column is declared here and nowhere else."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from eventcode.model.column import Table, column

ARTICLE_ID = r"[A-Za-z0-9][A-Za-z0-9._:-]{0,119}"
REPORT_ID = r"R[0-9a-f]{16}"
EVENT_ID = r"E[0-9a-f]{16}"
ACTOR = r"[A-Z]{3}(?:[A-Z]{3}){0,7}"
ACTION = r"[0-9]{2,4}"
CODER = r"(?:program|person|model):[A-Za-z0-9][A-Za-z0-9._-]*"
VERSION = r"(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*)){2}"

STATUS = ("asserted", "claimed", "denied", "planned", "hypothetical", "historical")
DATE_PRECISION = ("day", "week", "month", "year")
DATE_BASIS = ("stated", "relative", "publication")
PLOVER = (
    "ACCUSE", "AGREE", "AID", "ASSAULT", "COERCE", "CONCEDE", "CONSULT", "COOPERATE", "MOBILIZE", "PROTEST", "REJECT",
    "REQUEST", "RETREAT", "SANCTION", "SUPPORT", "THREATEN",
)  # fmt: skip
CHANGE = ("added", "revised", "retracted", "merged", "split")

ROLES = ("published", "partly", "reading", "program", "refused")
"""What part a contribution has in a release."""

FIRST_DAY, LAST_DAY = dt.date(1800, 1, 1), dt.date(2100, 12, 31)
MANY = 2**31 - 1


def _day(description: str, *, missing: str = "", aliases: tuple[str, ...] = ()) -> Any:
    return column(description, example=dt.date(2020, 10, 9), missing=missing, minimum=FIRST_DAY, maximum=LAST_DAY, aliases=aliases)


def _actor(description: str, example: str, *, missing: str = "", aliases: tuple[str, ...] = ()) -> Any:
    return column(description, example=example, missing=missing, codelist="actors", pattern=ACTOR, aliases=aliases)


def _country(description: str, missing: str) -> Any:
    return column(description, example="AZE", missing=missing, codelist="countries", pattern="[A-Z]{3}")


def _action() -> Any:
    return column(
        "CAMEO 1.1b3 code of what was done, as text: leading zeros belong to it.",
        example="190", codelist="actions", pattern=ACTION, aliases=("cameo", "event_code", "cameo_code"),
    )  # fmt: skip


def _status(missing: str = "") -> Any:
    return column(
        "How the text puts it: asserted by the outlet itself, claimed by somebody, denied, planned, hypothetical, or historical (background from an earlier time).",
        example="claimed", missing=missing, enum=STATUS,
    )  # fmt: skip


def _attributed() -> Any:
    return _actor("Code of the actor whose word it is.", "AZEGOV", missing="the outlet's own word, or not known whose")


FIGURES = ("deaths", "wounded", "detained", "displaced", "protesters")
"""What is counted in persons; each has a lowest, a best and a highest figure."""
BOUNDS = ("low", "best", "high")


def _figure(what: str, which: str) -> Any:
    return column(f"{what}: {which}.", example=63, missing="no such figure is given", unit="persons", minimum=0, maximum=MANY)


def _low(what: str) -> Any:
    return _figure(what, "lowest figure given")


def _best(what: str) -> Any:
    return _figure(what, "best figure")


def _high(what: str) -> Any:
    return _figure(what, "highest figure given")


def _figures_by() -> Any:
    return _actor(
        "Code of the actor who gives the figures.",
        "ARMGOVMIL",
        missing="the outlet itself gives them, or not known who does, or none are given",
    )


def _ordered(*pairs: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """Pairs of columns in order, and those of all figures."""
    bounds = (("low", "best"), ("best", "high"), ("low", "high"))
    return (*pairs, *((f"{what}_{a}", f"{what}_{b}") for what in FIGURES for a, b in bounds))


def _share(description: str, missing: str) -> Any:
    return column(description, example=0.8, missing=missing, unit="1", minimum=0.0, maximum=1.0)


def _offset(description: str) -> Any:
    return column(description, example=118, missing="the place in the text is not known", unit="characters", minimum=0, maximum=MANY)


def _coder(missing: str = "") -> Any:
    return column(
        "Who or what coded the row: `program:`, `person:` or `model:` (a language model) and a name.",
        example="program:eventcode", missing=missing, pattern=CODER, categorical=True,
    )  # fmt: skip


def _rule() -> Any:
    return column("The rule or pattern that fired.", example="fight.V.1", missing="not coded by rules", pattern=r"[\s\S]{1,200}")


def _note() -> Any:
    return _text(
        "Why it was coded so, where that was hard or coders differed.", "the ministry speaks for the state", missing="nothing was noted"
    )


def _text(description: str, example: str, *, missing: str = "", categorical: bool = False, aliases: tuple[str, ...] = ()) -> Any:
    return column(description, example=example, missing=missing, categorical=categorical, aliases=aliases)


def _precision() -> Any:
    return column(
        "How exact the date is.", example="day", missing="the date is not known or its precision was not given", enum=DATE_PRECISION
    )


def _basis() -> Any:
    return column(
        'What the date rests on: stated in the text, relative to the publication date ("on Thursday"), or the publication date itself.',
        example="relative", missing="not given", enum=DATE_BASIS,
    )  # fmt: skip


def _place() -> Any:
    return _text("Name of the place where it happened.", "Stepanakert", missing="not stated, or not found", categorical=True)


def _degrees(description: str, example: float, limit: float, unit: str) -> Any:
    return column(description, example=example, missing="not known", unit=unit, minimum=-limit, maximum=limit)


def _place_precision() -> Any:
    return column("How exact the place is, 1 (exact) to 7, as in UCDP GED.", example=1, missing="not known", minimum=1, maximum=7)


def _named_in(which: str) -> Any:
    return column(
        f'Number of the sentence that names the {which}, where the words here only refer to it ("the ministry", "both sides").',
        example=2, missing="named in the sentence itself, or not given", minimum=1, maximum=MANY,
    )  # fmt: skip


class Contribution(Table):
    """One coded report as a contributor offers it: five required columns, the rest optional."""

    table: ClassVar[str] = "contribution"
    key: ClassVar[tuple[str, ...]] = ("actor", "action", "target", "date", "source", "start", "end")
    sort: ClassVar[tuple[str, ...]] = ("source", "start", "end", "actor", "action", "target")
    ordered: ClassVar[tuple[tuple[str, str], ...]] = _ordered(("date", "date_end"), ("start", "end"))

    must_have: ClassVar[tuple[str, ...]] = ("actor", "action", "target", "date", "source")
    """Columns that every contribution has; `target` and `date` may have empty cells."""

    either: ClassVar[tuple[str, ...]] = ("actor", "target")

    actor: str | None = _actor(
        "Code of who did it.",
        "AZEMIL",
        missing="the text does not say who did it",
        aliases=("source_actor", "actor1", "actor1code", "src_actor"),
    )
    action: str = _action()
    target: str | None = _actor(
        "Code of whom it was done to.",
        "ARM",
        missing="nobody in particular, or not named",
        aliases=("target_actor", "actor2", "actor2code", "tgt_actor"),
    )
    date: dt.date | None = _day(
        "Day on which it happened, or began.", missing="the text gives no date and has no publication date", aliases=("event_date", "day")
    )
    source: str = column(
        "Article the event is known from: its id.",
        example="nk-2020-10-10-nationalpost",
        pattern=ARTICLE_ID,
        categorical=True,
        aliases=("article", "article_id"),
    )
    date_end: dt.date | None = _day("Last day of it.", missing="it took one day, or the end is not known")
    date_precision: str | None = _precision()
    date_basis: str | None = _basis()
    event: str | None = _text(
        "The coder's own name for the event: rows of one coder with the same name are one event, those with another are not.",
        "truce-2020-10-10",
        missing="the coder does not say; reports are linked by what they say",
    )
    status: str | None = _status("not given: read as asserted")
    attributed_to: str | None = _attributed()
    actor_text: str | None = _text("Words of the article that name the actor.", "Azerbaijani forces", missing="not given")
    target_text: str | None = _text("Words of the article that name the target.", "Armenia", missing="no target, or not given")
    actor_named_in: int | None = _named_in("actor")
    target_named_in: int | None = _named_in("target")
    sentence: int | None = column(
        "Number of the sentence in the article, counted from 1.", example=4, missing="not given", minimum=1, maximum=MANY
    )
    start: int | None = _offset("Where the trigger begins in the article's text (first character is 0).")
    end: int | None = _offset("Where the trigger ends: the first character after it.")
    trigger: str | None = _text(
        "Word or words that report the action, as they stand in the article: text[start:end].", "shelled", missing="not given"
    )
    place: str | None = _place()
    country: str | None = _country("Country where it happened.", "not known")
    latitude: float | None = _degrees("Latitude of the place.", 39.8, 90.0, "degrees north")
    longitude: float | None = _degrees("Longitude of the place.", 46.75, 180.0, "degrees east")
    place_precision: int | None = _place_precision()
    deaths_low: int | None = _low("Killed")
    deaths_best: int | None = _best("Killed")
    deaths_high: int | None = _high("Killed")
    wounded_low: int | None = _low("Wounded")
    wounded_best: int | None = _best("Wounded")
    wounded_high: int | None = _high("Wounded")
    detained_low: int | None = _low("Detained")
    detained_best: int | None = _best("Detained")
    detained_high: int | None = _high("Detained")
    displaced_low: int | None = _low("Driven or fled from their homes")
    displaced_best: int | None = _best("Driven or fled from their homes")
    displaced_high: int | None = _high("Driven or fled from their homes")
    protesters_low: int | None = _low("Protesters")
    protesters_best: int | None = _best("Protesters")
    protesters_high: int | None = _high("Protesters")
    figures_by: str | None = _figures_by()
    coder: str | None = _coder("not given: the contribution as a whole says it")
    coder_version: str | None = column(
        "Version of the program or model that coded the row.",
        example="0.1.0",
        missing="not coded by a program",
        pattern=r"[0-9A-Za-z][0-9A-Za-z.+-]*",
    )
    rule: str | None = _rule()
    confidence: float | None = _share("How sure the coder is that actor, action and target are right.", "the coder gives none")
    note: str | None = _note()


class Event(Table):
    """One real-world happening, backed by one or more reports."""

    table: ClassVar[str] = "events"
    key: ClassVar[tuple[str, ...]] = ("event_id",)
    sort: ClassVar[tuple[str, ...]] = ("date", "event_id")
    ordered: ClassVar[tuple[tuple[str, str], ...]] = _ordered(("date", "date_end"))
    either: ClassVar[tuple[str, ...]] = Contribution.either

    event_id: str = column("Identifier of the event; never used again for another one.", example="E0123456789abcdef", pattern=EVENT_ID)
    actor: str | None = _actor("Code of who did it.", "AZEMIL", missing="not known who did it")
    action: str = _action()
    target: str | None = _actor("Code of whom it was done to.", "ARM", missing="nobody in particular, or not named")
    date: dt.date | None = _day("Day on which it happened, or began.", missing="not known")
    source: str = column("Article of its first report.", example="nk-2020-10-10-nationalpost", pattern=ARTICLE_ID, categorical=True)
    date_end: dt.date | None = _day("Last day of it.", missing="it took one day, or the end is not known")
    date_precision: str | None = _precision()
    date_basis: str | None = _basis()
    actor_name: str | None = _text("Name of the actor's code.", "Azerbaijan: military", missing="not known who did it", categorical=True)
    actor_country: str | None = _country("Country of the actor.", "it is not known who did it, or the actor belongs to no one country")
    target_name: str | None = _text("Name of the target's code.", "Armenia", missing="there is no target", categorical=True)
    target_country: str | None = _country("Country of the target.", "there is no target, or it belongs to no one country")
    root: str = column("First two digits of the action: its root in CAMEO.", example="19", codelist="actions", pattern="[0-9]{2}")
    quad_class: int = column(
        "1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict, as GDELT assigns them.",
        example=4,
        minimum=1,
        maximum=4,
    )
    goldstein: float | None = column(
        "Goldstein score of the action (GDELT's lineage): how much acts of this kind help or harm stability. It says nothing of this one event's size.",
        example=-10.0,
        missing="no credible score exists for the code",
        unit="Goldstein scale",
        minimum=-10.0,
        maximum=10.0,
    )
    plover: str | None = column(
        "PLOVER class of the action.", example="ASSAULT", missing="a statement (root 01), which PLOVER does not code", enum=PLOVER
    )
    place: str | None = _place()
    country: str | None = _country("Country where it happened.", "not known")
    latitude: float | None = _degrees("Latitude of the place.", 39.8, 90.0, "degrees north")
    longitude: float | None = _degrees("Longitude of the place.", 46.75, 180.0, "degrees east")
    place_precision: int | None = _place_precision()
    status: str = _status()
    attributed_to: str | None = _attributed()
    deaths_low: int | None = _low("Killed")
    deaths_best: int | None = _best("Killed")
    deaths_high: int | None = _high("Killed")
    wounded_low: int | None = _low("Wounded")
    wounded_best: int | None = _best("Wounded")
    wounded_high: int | None = _high("Wounded")
    detained_low: int | None = _low("Detained")
    detained_best: int | None = _best("Detained")
    detained_high: int | None = _high("Detained")
    displaced_low: int | None = _low("Driven or fled from their homes")
    displaced_best: int | None = _best("Driven or fled from their homes")
    displaced_high: int | None = _high("Driven or fled from their homes")
    protesters_low: int | None = _low("Protesters")
    protesters_best: int | None = _best("Protesters")
    protesters_high: int | None = _high("Protesters")
    figures_by: str | None = _figures_by()
    denied_by: str | None = _actor(
        "Code of the actor who denies it in one of its reports; the first of them.", "ARMGOVMIL", missing="nobody is known to deny it"
    )
    denies: str | None = column(
        "Event that this one is the denying of.",
        example="E0123456789abcdef",
        missing="it is no denying, or what is denied is no event here",
        pattern=EVENT_ID,
    )
    n_reports: int = column("Number of reports behind the event.", example=2, unit="reports", minimum=1, maximum=MANY)
    n_sources: int = column("Number of publishers behind the event.", example=1, unit="publishers", minimum=1, maximum=MANY)
    confidence: float | None = _share(
        "How sure the coder is that actor, action and target are right: the highest of its reports.", "the coder gives none"
    )
    coder: str = _coder()
    revision: int = column(
        "How often the event was revised since it was first published: 0 when new.", example=0, unit="revisions", minimum=0, maximum=MANY
    )


class Report(Table):
    """One article's statement that an event took place, with its place in the text."""

    table: ClassVar[str] = "reports"
    key: ClassVar[tuple[str, ...]] = ("report_id",)
    sort: ClassVar[tuple[str, ...]] = ("article_id", "start", "end", "report_id")
    ordered: ClassVar[tuple[tuple[str, str], ...]] = Contribution.ordered
    either: ClassVar[tuple[str, ...]] = Contribution.either

    report_id: str = column("Identifier of the report.", example="R0123456789abcdef", pattern=REPORT_ID)
    event_id: str = column("Event that it reports.", example="E0123456789abcdef", pattern=EVENT_ID)
    article_id: str = column("Article it stands in.", example="nk-2020-10-10-nationalpost", pattern=ARTICLE_ID, categorical=True)
    sentence: int | None = column(
        "Number of the sentence in the article, counted from 1.", example=4, missing="not given", minimum=1, maximum=MANY
    )
    start: int | None = _offset("Where the trigger begins in the article's text (first character is 0).")
    end: int | None = _offset("Where the trigger ends: the first character after it.")
    trigger: str | None = _text("Word or words that report the action: text[start:end].", "shelled", missing="not given")
    actor: str | None = _actor("Code of who did it, as coded here.", "AZEMIL", missing="the text does not say who did it")
    action: str = _action()
    target: str | None = _actor("Code of whom it was done to, as coded here.", "ARM", missing="nobody in particular, or not named")
    actor_text: str | None = _text("Words of the article that name the actor.", "Azerbaijani forces", missing="not given")
    target_text: str | None = _text("Words of the article that name the target.", "Armenia", missing="no target, or not given")
    actor_named_in: int | None = _named_in("actor")
    target_named_in: int | None = _named_in("target")
    date: dt.date | None = _day("Day on which it happened, or began, as coded here.", missing="not known")
    date_end: dt.date | None = _day("Last day of it.", missing="it took one day, or the end is not known")
    date_precision: str | None = _precision()
    date_basis: str | None = _basis()
    status: str = _status()
    attributed_to: str | None = _attributed()
    place: str | None = _place()
    country: str | None = _country("Country where it happened.", "not known")
    latitude: float | None = _degrees("Latitude of the place.", 39.8, 90.0, "degrees north")
    longitude: float | None = _degrees("Longitude of the place.", 46.75, 180.0, "degrees east")
    place_precision: int | None = _place_precision()
    deaths_low: int | None = _low("Killed")
    deaths_best: int | None = _best("Killed")
    deaths_high: int | None = _high("Killed")
    wounded_low: int | None = _low("Wounded")
    wounded_best: int | None = _best("Wounded")
    wounded_high: int | None = _high("Wounded")
    detained_low: int | None = _low("Detained")
    detained_best: int | None = _best("Detained")
    detained_high: int | None = _high("Detained")
    displaced_low: int | None = _low("Driven or fled from their homes")
    displaced_best: int | None = _best("Driven or fled from their homes")
    displaced_high: int | None = _high("Driven or fled from their homes")
    protesters_low: int | None = _low("Protesters")
    protesters_best: int | None = _best("Protesters")
    protesters_high: int | None = _high("Protesters")
    figures_by: str | None = _figures_by()
    coder: str = _coder()
    coder_version: str | None = column(
        "Version of the program or model that coded the row.",
        example="0.1.0",
        missing="not coded by a program",
        pattern=r"[0-9A-Za-z][0-9A-Za-z.+-]*",
        categorical=True,
    )
    rule: str | None = _rule()
    confidence: float | None = _share("How sure the coder is that actor, action and target are right.", "the coder gives none")
    note: str | None = _note()


_BY_LINK = "the article is known by its link alone"


class Article(Table):
    """One news text. The text itself is not part of a release."""

    table: ClassVar[str] = "articles"
    key: ClassVar[tuple[str, ...]] = ("article_id",)
    sort: ClassVar[tuple[str, ...]] = ("article_id",)

    article_id: str = column("Identifier of the article.", example="nk-2020-10-10-nationalpost", pattern=ARTICLE_ID)
    title: str | None = _text("Headline.", "Russia claims new truce for Armenia, Azerbaijan", missing="not known")
    publisher: str | None = _text("Outlet that published it.", "National Post", missing="not known")
    author: str | None = _text("Byline.", "Cheryl Sanders", missing="none given")
    published: dt.date | None = _day("Day of publication.", missing="not known")
    link: str | None = column(
        "Where it was published.", example="https://example.org/article", missing="not known", pattern=r"https?://\S+"
    )
    language: str | None = column("Language of the text, ISO 639-1.", example="en", missing=_BY_LINK, pattern="[a-z]{2}", categorical=True)
    sha256: str | None = column("SHA-256 of the original text's bytes.", example="0" * 64, missing=_BY_LINK, pattern="[0-9a-f]{64}")
    text_basis: str | None = column(
        "What was coded: the original text, or a retelling of it in other words.", example="retold", missing=_BY_LINK,
        enum=("original", "retold"),
    )  # fmt: skip


class Actor(Table):
    """One actor code that the release uses."""

    table: ClassVar[str] = "actors"
    key: ClassVar[tuple[str, ...]] = ("code",)
    sort: ClassVar[tuple[str, ...]] = ("code",)
    ordered: ClassVar[tuple[tuple[str, str], ...]] = (("valid_from", "valid_to"),)

    code: str = _actor("Actor code.", "AZEMIL")
    name: str = _text("Name composed from the parts of the code.", "Azerbaijan: military")
    country: str | None = _country("Country that the code begins with.", "the actor belongs to no one country")
    roles: str | None = column(
        "Role codes in the actor code, joined by a space.", example="MIL", missing="none", pattern="[A-Z]{3}(?: [A-Z]{3})*"
    )
    valid_from: dt.date | None = _day(
        "First day on which the country existed under this code.", missing="before the codelist begins, or no country"
    )
    valid_to: dt.date | None = _day("Last day on which the country existed under this code.", missing="it still exists, or no country")
    iso: str | None = column(
        "ISO 3166-1 alpha-3 code of the country.", example="AZE", missing="no country, or one without an ISO code", pattern="[A-Z]{3}"
    )
    cow: int | None = column("Correlates of War number of the country.", example=373, missing="not in that system", minimum=1, maximum=9999)
    gleditsch_ward: int | None = column(
        "Gleditsch-Ward number of the country.", example=373, missing="not in that system", minimum=1, maximum=9999
    )
    wikidata: str | None = column("Wikidata item.", example="Q227", missing="not recorded", pattern="Q[1-9][0-9]*")


class Coverage(Table):
    """What one publisher's articles of one day gave: tells "nothing happened" from "nothing was read"."""

    table: ClassVar[str] = "coverage"
    key: ClassVar[tuple[str, ...]] = ("publisher", "date")
    sort: ClassVar[tuple[str, ...]] = ("date", "publisher")

    publisher: str | None = _text("Outlet.", "National Post", missing="not known", categorical=True)
    date: dt.date | None = _day("Day of publication.", missing="not known")
    articles: int = column("Articles read.", example=1, unit="articles", minimum=0, maximum=MANY)
    sentences: int | None = column(
        "Sentences read.", example=20, missing="the coder did not count them", unit="sentences", minimum=0, maximum=MANY
    )
    reports: int = column("Reports found in them.", example=12, unit="reports", minimum=0, maximum=MANY)


class Change(Table):
    """One change since the last release."""

    table: ClassVar[str] = "changes"
    key: ClassVar[tuple[str, ...]] = ("event_id", "change", "field")
    sort: ClassVar[tuple[str, ...]] = ("event_id", "change", "field")

    event_id: str = column("Event that changed.", example="E0123456789abcdef", pattern=EVENT_ID)
    change: str = column("What happened to it.", example="added", enum=CHANGE)
    field: str | None = _text("Column that changed.", "action", missing="the whole row", categorical=True)
    old: str | None = _text("Value before, as text.", "190", missing="there was none")
    new: str | None = _text("Value now, as text.", "193", missing="there is none")
    reason: str = _text("Why.", "first release", categorical=True)


class Offered(Table):
    """One contribution that a release was built with, and what became of its rows."""

    table: ClassVar[str] = "contributions"
    key: ClassVar[tuple[str, ...]] = ("contribution",)
    sort: ClassVar[tuple[str, ...]] = ("contribution",)

    contribution: str = _text("Name of the file.", "0004-claude-adjudicated-seeds.jsonl")
    sha256: str = column("SHA-256 of the file's bytes.", example="0" * 64, pattern="[0-9a-f]{64}")
    role: str = column(
        "Its part: published (its rows are in the release), partly (those that passed the gate are), reading (a reading that was adjudicated), "
        "program (a program's coding, kept to be scored), refused (none of its rows is in the release).",
        example="published", enum=ROLES,
    )  # fmt: skip
    coders: str | None = _text("Who or what coded its rows, joined by a space.", "model:claude-adjudicator", missing="no row says so")
    offered: int = column("Rows that it holds.", example=355, unit="rows", minimum=0, maximum=MANY)
    published: int = column("Rows that are in the release.", example=355, unit="rows", minimum=0, maximum=MANY)
    refused: int = column("Rows that the gate refused.", example=0, unit="rows", minimum=0, maximum=MANY)
    note: str | None = _note()


class Reject(Table):
    """One reason for which the gate refused a row, or a whole contribution."""

    table: ClassVar[str] = "rejects"
    key: ClassVar[tuple[str, ...]] = ("contribution", "row", "rule", "field", "found")
    sort: ClassVar[tuple[str, ...]] = ("contribution", "row", "rule", "field", "found")

    contribution: str = _text("Name of the file.", "0006-anna.csv", categorical=True)
    row: int | None = column(
        "Number of the row in the file, from 1.", example=17, missing="the whole file or column", minimum=1, maximum=MANY
    )
    rule: str = column(
        "Rule of the gate that it breaks; schema/RULES.md explains it.", example="EC203", pattern=r"EC[0-9]{3}", categorical=True
    )
    title: str = _text("What the rule is called.", "unknown action code", categorical=True)
    field: str | None = _text("Column that is wrong.", "action", missing="the row as a whole", categorical=True)
    found: str | None = _text("What stood there, shortened to 200 characters.", "199", missing="nothing stood there")
    expected: str | None = _text(
        "What would have been right.", "one of the 316 codes of CAMEO 1.1b3", missing="the rule says it", categorical=True
    )


RELEASE: tuple[type[Table], ...] = (Event, Report, Article, Actor, Coverage, Change, Offered, Reject)
"""The tables of a release, in the order in which people read them."""
EXPORTED: tuple[type[Table], ...] = (Contribution, *RELEASE)
"""All tables whose contract is exported to `schema/`."""
