"""Political events from news text: coded in CAMEO, checked by one gate, published as versioned, citable Parquet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventcode.resources import VERSION as __version__

_WHERE = {
    "cite": "publish.cite",
    "code_text": "coder.code",
    "lineage": "publish.lineage",
    "load": "publish.load",
    "resolve": "publish.load",
    "validate": "contribute.gate",
}
__all__ = ["__version__", "cite", "code_text", "lineage", "load", "resolve", "validate"]

if TYPE_CHECKING:
    from eventcode.coder.code import code_text
    from eventcode.contribute.gate import validate
    from eventcode.publish.cite import cite
    from eventcode.publish.lineage import lineage
    from eventcode.publish.load import load, resolve


def __getattr__(name: str) -> Any:  # noqa: ANN401 - functions of several types
    """Import a function's module when the function is first used, so that `import eventcode` stays light."""
    if name in _WHERE:
        from importlib import import_module

        return getattr(import_module(f"eventcode.{_WHERE[name]}"), name)
    raise AttributeError(f"module 'eventcode' has no attribute {name!r}")
