"""What a rehearsal found, as its letter draws it: counts, what it touches, what is odd."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.timezone import localtime

from custodes.cases.queries import cases_for
from custodes.kernel.clock import parse_rfc3339
from custodes.people.rules import Permission, Viewer
from custodes.retention.rules.rehearsed import ODD_NAMES, Odd, Touch, look_at, title_of
from custodes.web.words import counted, day, length

_COUNTS = (("by_category", "Category", "no category"), ("by_month", "Month filmed", "not known"),
           ("by_unit", "Unit", "no unit"), ("by_line", "Line", "none"))  # fmt: skip


def tables(letter: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the counts of a letter, the largest first, each with how many it was last time."""
    last = letter.get("last") or {}
    found = []
    for key, title, none in _COUNTS:
        counts, before = letter.get(key, []), dict(last.get(key, []))
        gone = [[name, 0] for name in before if name not in dict(counts)]
        rows = counts if key == "by_month" else sorted([*counts, *gone], key=lambda row: -row[1])
        largest = max((number for _, number in rows), default=1) or 1
        lines = [
            {"name": name or none, "count": number, "before": before.get(name, 0),
             "largest": largest}
            for name, number in rows
        ]  # fmt: skip
        found.append({"title": title, "rows": lines, "compared": key in last})
    return found


def opening(letter: dict[str, Any], due: int, when: str, verb: str) -> str:
    """Return the letter's first sentences: how many, and how that compares with last time."""
    said = f"On {when} {counted(due, 'recording')} {verb} deleted."
    last = letter.get("last")
    if last is None:
        return f"{said} Nothing was deleted before it."
    then = day(localtime(parse_rfc3339(last["rehearsed_at"])))
    before = f"{counted(last['disposed'], 'recording')} went on {then}"
    if not last["disposed"] or due == last["disposed"]:
        return f"{said} Last time, {before}."
    more = "more" if due > last["disposed"] else "fewer"
    share = round(abs(due - last["disposed"]) * 100 / last["disposed"])
    return f"{said} That is {share} % {more} than last time, when {before}.{_because(letter, more)}"


def _because(letter: dict[str, Any], more: str) -> str:
    """Say which category makes the most of the difference, where the last letter lets us."""
    if "by_category" not in letter["last"]:
        return ""
    now, before = dict(letter.get("by_category", [])), dict(letter["last"]["by_category"])
    sign = 1 if more == "more" else -1
    changes = {name: sign * (now.get(name, 0) - before.get(name, 0)) for name in {*now, *before}}
    name = max(sorted(changes), key=lambda each: changes[each], default="")
    if not changes.get(name, 0) > 0:
        return ""
    return f" Most of the difference: {changes[name]:,} {more} of {name or 'no category'}."


def worth_a_look(viewer: Viewer, letter: dict[str, Any]) -> dict[str, Any]:
    """Return what people look at before they agree; for letters that have no more, less."""
    return {
        "oldest": named(letter.get("oldest", [])),
        "longest": named(letter.get("longest", [])),
        "strangest": named(letter.get("strangest", [])),
        "odd": [
            {"said": ODD_NAMES[Odd(each["what"])], "recordings": each["recordings"]}
            for each in letter.get("odd", [])
        ],
        "touched": _touched(viewer, letter.get("touched", [])),
        "looked_at_all": "touched" in letter,
    }


def named(recordings: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return recordings of a letter, with when, how long, and why each is odd."""
    return [
        {
            "handle": each["handle"],
            "started": localtime(parse_rfc3339(each["started_at"])),
            "length": length(each["seconds"]),
            "why": [ODD_NAMES[Odd(odd)] for odd in each.get("why", [])],
        }
        for each in recordings
    ]


def _touched(viewer: Viewer, groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    known = _cases_known(viewer, groups)
    found = []
    for group in groups:
        touch = Touch(group["what"])
        most = [{**one, "url": _url(touch, one["handle"], viewer, known)} for one in group["most"]]
        found.append({**group, "title": title_of(touch, group["kind"]), "look": look_at(touch),
                      "most": most, "others": group["of"] - len(most)})  # fmt: skip
    return found


def _cases_known(viewer: Viewer, groups: list[dict[str, Any]]) -> frozenset[str]:
    of_cases = (Touch.CASE, Touch.ONCE_IN_CASE)
    handles = [one["handle"] for each in groups if each["what"] in of_cases for one in each["most"]]
    return frozenset(cases_for(viewer).filter(handle__in=handles).values_list("handle", flat=True))


def _url(touch: Touch, handle: str, viewer: Viewer, cases: frozenset[str]) -> str:
    """Return where somebody may look at one; empty for who may not."""
    match touch:
        case Touch.HELD:
            return reverse("hold", args=[handle])
        case Touch.CASE | Touch.ONCE_IN_CASE if handle in cases:
            return reverse("case", args=[handle])
        case Touch.RESTRICTION if viewer.may(Permission.RESTRICT):
            return reverse("restriction", args=[handle])
        case Touch.REGISTER:
            return reverse("registered", args=[handle])
        case _:
            return ""
