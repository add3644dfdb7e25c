"""How two codes compare: of two reports' actors or targets, and of their acts."""

from __future__ import annotations

from functools import cache

from eventcode.model import grammar

_KINDRED = ({"163", "172"}, {"173", "181"}, {"057", "087"}, {"046", "057"}, {"037", "057"}, {"170", "190"}, {"170", "191"}, {"040", "057"})
"""Acts of two roots, to the third digit, under which one act is told now and then."""
_VIOLENT, _ANY_VIOLENCE = {"18", "19", "20"}, {"180", "190", "200"}
_STATE = {"GOV", "MIL", "COP", "SPY", "JUD", "LEG", "BUS"}
_PEOPLE = {"CVL", "OPP", "PTY", "LAB", "EDU", "STU", "YTH", "REF", "RAD", "NGO", "ELI", "MED", "SEP"}
_ARMED = {"REB", "INS", "SEP", "UAF"}
_AGAINST = _ARMED | {"OPP"}
"""Roles of those who are not the state, nor people at large."""
_APART = {"041", "042", "043", "045", "181", "192"}
"""Acts that are no other act of their root: a call is no visit, a capture no shelling."""
_AT_ALL = {"040", "190"}
"""Codes under which they are told where the text says no more."""
_NO_KIND = {"", "0"}
"""Third digit of a code that says nothing of the kind of act."""


@cache
def sides(one: str | None, other: str | None) -> str:
    """How the codes of two reports for one side agree; "" where they exclude each other."""
    if one == other:
        return "same" if one else "neither known"
    if not one or not other:
        return "one not known"
    if one[:3] != other[:3]:
        return ""
    short, long = sorted((one, other), key=len)
    if long.startswith(short) and (len(short) > 3 or not set(grammar.chunks(long)[1:]) & _AGAINST):
        return "one names less"
    a, b = (set(grammar.chunks(code)[1:]) for code in (one, other))
    if a <= _STATE and b <= _STATE:
        return "one body, two arms"
    if a & _ARMED and b & _ARMED and len(a - _ARMED) * len(b - _ARMED) == 0:
        return "one names less"
    if a and b and a <= _PEOPLE and b <= _PEOPLE:
        return "kindred people"
    return "one country"


@cache
def acts(one: str, other: str) -> str:
    """How the codes of two reports for the act agree; "" where they exclude each other."""
    if one == other:
        return "same code"
    if one[:2] == other[:2]:
        if one[:3] == other[:3] and not (one[:2] == "08" and len(one) == len(other)):
            return "same to the third digit"
        if {one[:3], other[:3]} & _APART:
            return "other kind" if {one[:3], other[:3]} & _AT_ALL else ""
        return "one of no kind" if one[2:3] in _NO_KIND or other[2:3] in _NO_KIND else "" if one[:2] == "08" else "other kind"
    violent = {one[:2], other[:2]} <= _VIOLENT and bool({one[:3].ljust(3, "0"), other[:3].ljust(3, "0")} & _ANY_VIOLENCE)
    return "kindred" if violent or {one[:3], other[:3]} in _KINDRED else ""
