"""The report as SARIF 2.1.0, the interchange format of checkers."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from eventcode.contribute import rules as catalogue
from eventcode.contribute.report.words import groups, limits, message, visible
from eventcode.resources import VERSION

if TYPE_CHECKING:
    from eventcode.contribute.gate import Checked
    from eventcode.contribute.rules import Rule
    from eventcode.errors import Problem

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def _text(text: str) -> dict[str, str]:
    """A message; braces stand for arguments and `](` makes a link, unless they are written so."""
    return {"text": text.replace("{", "{{").replace("}", "}}").replace("](", "] (")}


def _rule(rule: Rule) -> dict[str, Any]:
    example = f"Wrong: {visible(rule.wrong)}\nRight: {visible(rule.right)}"
    numbers = "".join(f"\n\nLimit: {limit}" for limit in limits(rule))
    return {
        "id": rule.code,
        "name": "".join(word.capitalize() for word in re.findall(r"\w+", rule.title)),
        "shortDescription": _text(rule.title),
        "fullDescription": _text(f"{rule.what} {rule.why}"),
        "help": _text(f"{rule.what} {rule.why}\n\n{example}\n\nFix: {rule.fix}{numbers}"),
        "defaultConfiguration": {"level": "error" if rule.severity == "error" else "warning"},
    }


def _uri(file: str) -> str:
    """A file's name as a URI, relative to the working folder where it lies in it."""
    path = Path(file)
    if path.is_absolute() and not path.is_relative_to(Path.cwd()):
        return path.as_uri()
    path = path.relative_to(Path.cwd()) if path.is_absolute() else path
    return quote(os.fsencode(path.as_posix()), safe="/")


def _location(problem: Problem, uri: str) -> dict[str, Any]:
    where: dict[str, Any] = {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": problem.line or 1}}}
    logical = [{"name": f"row {problem.row}", "kind": "row"}] if problem.row is not None else []
    logical += [{"name": visible(problem.column), "kind": "column"}] if problem.column else []
    return {**where, "logicalLocations": logical} if logical else where


def _result(problem: Problem, index: Mapping[str, int], uris: Mapping[str, str]) -> dict[str, Any]:
    return {
        "ruleId": problem.code,
        "ruleIndex": index[problem.code],
        "level": "error" if problem.severity == "error" else "warning",
        "message": _text(message(problem)),
        "locations": [_location(problem, uris[problem.file])],
    }


def _unlisted(checked: Sequence[Checked]) -> list[dict[str, Any]]:
    """A notification for each rule of which only the first problems are listed."""
    cropped = [(each.file, group) for each in checked for group in groups(each) if len(group.problems) < group.count]
    return [
        {
            "level": "note",
            "message": _text(
                f"{visible(file)}: the first {len(group.problems):,} of {group.count:,} problems of {group.rule.code} are listed"
            ),
        }
        for file, group in cropped
    ]


def sarif(checked: Sequence[Checked]) -> str:
    """All problems of all files as one run; the line is 1 where a problem has none."""
    known = [rule for _, rule in sorted(catalogue.rules().items())]
    index = {rule.code: i for i, rule in enumerate(known)}
    uris = {file: _uri(file) for file in {problem.file for each in checked for problem in each.problems}}
    invocation: dict[str, Any] = {"executionSuccessful": all(each.readable for each in checked)}
    if unlisted := _unlisted(checked):
        invocation["toolExecutionNotifications"] = unlisted
    run = {
        "tool": {"driver": {"name": "eventcode", "version": VERSION, "rules": [_rule(rule) for rule in known]}},
        "invocations": [invocation],
        "columnKind": "unicodeCodePoints",
        "results": [_result(problem, index, uris) for each in checked for problem in each.problems],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False) + "\n"
