"""The gate's lines as its page draws them: ticked, or with what puts each fault right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from custodes.cases.rules.audiences import Audience
from custodes.disclosure.rules.lines import Fault, Fix, Line
from custodes.web.words import clock_length

if TYPE_CHECKING:
    from custodes.cases.models import Case

_LABELS = {
    Fix.CHOOSE: "Make an exhibit of a recording",
    Fix.NUMBER: "Give it an exhibit\u2019s number",
    Fix.CUT: "Make clips",
    Fix.MAKE_PLAYABLE: "Make a clip that every player shows",
    Fix.COVERAGE: "Look at every camera",
    Fix.DESCRIBE: "Describe it",
    Fix.LEAVE_OUT: "See the recording",
}
_SAID_HERE = {
    Fix.SAY_WHY_WHOLE: ("whole", "Why is all of it needed?"),
    Fix.SAY_WHY_UNHIDDEN: ("unhidden", "Why does nothing in it have to be hidden?"),
}


@dataclass(frozen=True, slots=True)
class Mended:
    """One fault and how it is put right: by a link, or by a reason that is said on the spot."""

    sentence: str
    label: str = ""
    url: str = ""
    why: str = ""
    asks: str = ""
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Drawn:
    """One line: a word and a shape, what it asks, and what is wrong with it."""

    is_open: bool
    kind: str
    word: str
    asks: str
    words: str
    note: str
    faults: tuple[Mended, ...]


def lines_drawn(case: Case, lines: tuple[Line, ...], audience: Audience) -> list[Drawn]:
    """Return the gate's lines as the page shows them."""
    return [_drawn(case, line, audience) for line in lines]


def _drawn(case: Case, line: Line, audience: Audience) -> Drawn:
    kind, word = ("needs", "To do") if line.is_open else ("proven", "Ready")
    if line.faults and not line.is_open:
        kind, word = "quiet", "To think about"
    words = line.words if audience is Audience.PROSECUTOR else ""
    note = "It can go all the same, with a reason that goes with it." if line.overridable else ""
    return Drawn(
        is_open=line.is_open,
        kind=kind,
        word=word,
        asks=line.asks,
        words=words,
        note=note if line.is_open else "",
        faults=tuple(_mended(case, fault) for fault in line.faults),
    )


def _mended(case: Case, fault: Fault) -> Mended:
    parts = tuple(_part(part.begins, part.ends) for part in fault.parts)
    if fault.fix in _SAID_HERE:
        why, asks = _SAID_HERE[fault.fix]
        return Mended(fault.sentence, "Save the reason", _explain(case, fault), why, asks)
    url = next(_urls(case, fault), "")
    return Mended(fault.sentence, _LABELS[fault.fix] if url else "", url, parts=parts)


def _urls(case: Case, fault: Fault) -> Iterator[str]:
    match fault.fix:
        case Fix.CHOOSE:
            yield f"{reverse('case', args=[case.handle])}#recordings"
        case Fix.COVERAGE:
            yield reverse("coverage", args=[case.handle])
        case Fix.NUMBER if fault.recording:
            clip = urlencode({"clip": fault.item.partition(":")[2]})
            yield f"{reverse('exhibit-new', args=[case.handle, fault.recording])}?{clip}"
        case Fix.DESCRIBE if fault.recording:
            yield reverse("material", args=[case.handle, fault.recording])
        case Fix.CUT | Fix.MAKE_PLAYABLE if fault.recording:
            yield f"{reverse('recording', args=[fault.recording])}#clip-form"
        case _ if fault.recording:
            yield reverse("recording", args=[fault.recording])


def _explain(case: Case, fault: Fault) -> str:
    return reverse("exhibit-explain", args=[case.handle, fault.exhibit])


def _part(begins: float, ends: float) -> str:
    return f"{clock_length(begins)} to {clock_length(ends)}"
