"""The card of the action model as a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def write(file: Path, card: dict[str, Any]) -> None:
    """Write the card, a line for each of its entries."""
    lines = ",\n".join(f'"{name}": {json.dumps(value, ensure_ascii=False)}' for name, value in card.items())
    file.write_text("{\n" + lines + "\n}\n", encoding="utf-8")
