"""Put the newest release into the wheel, so that `eventcode.load()` works without a download."""

import re
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class NewestRelease(BuildHookInterface):  # type: ignore[type-arg]
    """Add `dataset/<newest version>`, and what is said of every release, to the files of the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before a build; `version` is "editable" for a development install."""
        if self.target_name != "wheel" or version == "editable":
            return
        dataset = Path(self.root, "dataset")
        build_data["force_include"][str(dataset / "about.toml")] = "eventcode/_data/dataset/about.toml"
        releases = [p.parent for p in dataset.glob("*/datapackage.json") if re.fullmatch(r"\d+\.\d+\.\d+", p.parent.name)]
        if releases:
            newest = max(releases, key=lambda p: [int(part) for part in p.name.split(".")])
            build_data["force_include"][str(newest)] = f"eventcode/_data/dataset/{newest.name}"
