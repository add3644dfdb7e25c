"""The contract for other programs, JSON Schema and Frictionless table schema, and all generated files of `schema/`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from eventcode.contract.codebook import codebook, codebook_html, plain
from eventcode.model.column import Column, Table, columns
from eventcode.model.tables import EXPORTED

__all__ = ["codebook", "codebook_html", "contract_files", "export", "json_schema", "table_schema"]

_JSON = {"text": "string", "date": "string", "integer": "integer", "number": "number"}
_FRICTIONLESS = {"text": "string", "date": "date", "integer": "integer", "number": "number"}


def _property(column: Column) -> dict[str, Any]:
    described = f"{column.description} Missing: {column.missing}." if column.missing else column.description
    bounds = {"minimum": column.minimum, "maximum": column.maximum} if column.kind in {"integer", "number"} else {}
    found: dict[str, Any] = {
        "description": described,
        "type": _JSON[column.kind] if column.required else [_JSON[column.kind], "null"],
        "format": "date" if column.kind == "date" else None,
        "minLength": 1 if column.kind == "text" else None,
        "pattern": column.pattern or None,
        "enum": [*column.enum, *([] if column.required else [None])] if column.enum else None,
        **bounds,
        "examples": [plain(column.example)],
    }
    return {key: value for key, value in found.items() if value is not None}


def json_schema(model: type[Table]) -> dict[str, Any]:
    """JSON Schema (2020-12) of one row. Codelists and order rules are in the table schema and the codebook, not here."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": model.table,
        "description": (model.__doc__ or "").strip(),
        "type": "object",
        "properties": {column.name: _property(column) for column in columns(model)},
        "required": [column.name for column in columns(model) if column.required],
        "additionalProperties": False,
    }


def table_schema(model: type[Table]) -> dict[str, Any]:
    """Frictionless table schema (v2) of a table."""
    fields = []
    for column in columns(model):
        limits = {
            "required": True if column.required else None,
            "pattern": column.pattern or None,
            "enum": list(column.enum) or None,
            "minimum": plain(column.minimum),
            "maximum": plain(column.maximum),
        }
        field = {
            "name": column.name,
            "type": _FRICTIONLESS[column.kind],
            "description": column.description,
            "constraints": {key: value for key, value in limits.items() if value is not None},
            "missing": column.missing,
            "unit": column.unit,
            "codelist": column.codelist,
            "since": column.since,
        }
        fields.append({key: value for key, value in field.items() if value})
    return {"$schema": "https://datapackage.org/profiles/2.0/tableschema.json", "fields": fields, "primaryKey": list(model.key)}


def _dump(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def contract_files() -> dict[str, str]:
    """Every generated file of `schema/`, by its path below it.

    >>> sorted(contract_files())[:3]
    ['CODEBOOK.html', 'CODEBOOK.md', 'contract/actors.schema.json']
    """
    found = {"CODEBOOK.md": codebook(EXPORTED), "CODEBOOK.html": codebook_html(EXPORTED)}
    for model in EXPORTED:
        found[f"contract/{model.table}.schema.json"] = _dump(json_schema(model))
        found[f"contract/{model.table}.table.json"] = _dump(table_schema(model))
    return found


def export(folder: Path) -> list[Path]:
    """Write the generated files below `folder` and return those that changed."""
    changed = []
    for name, text in contract_files().items():
        path = folder / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
            changed.append(path)
    return changed
