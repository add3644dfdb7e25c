"""CHANGES.md: what a release changed, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from eventcode.model.tables import Change
from eventcode.publish.metadata.about import Release


def changes_md(release: Release, changes: Sequence[Change]) -> str:
    """The changes in words: how many events of each kind of change, and why."""
    counts = Counter((change.change, change.reason) for change in changes)
    lines = [f"- {number} {what} ({reason})" for (what, reason), number in sorted(counts.items())]
    return "\n".join(
        [f"# Changes in {release.version}", "", *(lines or ["No event changed."]), "", "Event by event: `changes.parquet`.", ""]
    )
