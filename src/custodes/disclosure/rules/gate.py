"""Whether what is to be given of a case is ready for whoever gets it, line by line.

Rules only. A line is ticked only when all it asks for is known and right: what nobody
knows fails.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from custodes.cases.rules.audiences import Audience
from custodes.cases.rules.material import Status
from custodes.disclosure.rules.having import why_not_have
from custodes.disclosure.rules.lines import AboutTheCase, Check, Fault, Fix, Item, Line, Redaction
from custodes.disclosure.rules.names import CLIPS, NATIVE, faults_of_paths, file_name, native_name
from custodes.disclosure.rules.sizes import COURT_TAKES, Part, parts_of
from custodes.package.paths import safe_name


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was chosen, for whom, and by which policy."""

    items: Sequence[Item]
    case: AboutTheCase
    audience: Audience
    redaction: Redaction


#: What is not asked of somebody.
_NOT_ASKED: Mapping[Audience, frozenset[Check]] = {
    # The watchdog sees everything as it was filmed, and nothing is kept from it.
    Audience.WATCHDOG: frozenset(
        {Check.EXHIBIT, Check.CLIPPED, Check.PLAYABLE, Check.SIZE, Check.REDACTED, Check.SENSITIVE}
    ),
    Audience.SUBJECT: frozenset(
        {Check.EXHIBIT, Check.CLIPPED, Check.SIZE, Check.DESCRIBED, Check.COVERAGE}
    ),
    Audience.PROSECUTOR: frozenset({Check.SENSITIVE}),
}
#: A clip of so much of its recording is no clip.
_ALL = 0.98


def judge(
    items: Sequence[Item], case: AboutTheCase, audience: Audience, redaction: Redaction
) -> tuple[Line, ...]:
    """Return every line there is for this audience, each with what is wrong with it."""
    asked = _Asked(items, case, audience, redaction)
    return tuple(
        # A release may go ahead with a camera unaccounted for, for a named reason (OVS-07).
        Line(check, tuple(_FAULTS[check](asked)), overridable=check is Check.COVERAGE)
        for check in Check
        if check not in _NOT_ASKED.get(audience, frozenset())
    )


def open_among(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines that keep something from being given."""
    return tuple(line for line in lines if line.is_open)


def first_in_the_way(lines: Sequence[Line], passed_over: str) -> str:
    """Return what an open line still asks for, in words; empty when none keeps it from going.

    ``passed_over`` is why it goes all the same, where somebody may say so.
    """
    kept = (line for line in open_among(lines) if not (line.overridable and passed_over))
    for line in kept:
        said = " ".join(fault.sentence for fault in line.faults if not fault.advised)
        return f"{line.asks}: not yet. {said}"
    return ""


def _provided(asked: _Asked) -> Iterator[Fault]:
    if not asked.items:
        yield Fault("No exhibit was chosen.", Fix.CHOOSE)
    for item in asked.items:
        if not item.size:
            said = f"The film of {item.label} is not here: it was deleted, or never came."
            yield Fault(said, Fix.LEAVE_OUT, item.key, item.exhibit, item.recording)


def _exhibit(asked: _Asked) -> Iterator[Fault]:
    for item in asked.items:
        if not item.exhibit:
            said = f"{item.label} has no exhibit\u2019s number in this case."
            yield Fault(said, Fix.NUMBER, item.key, item.exhibit, item.recording, advised=True)


def _clipped(asked: _Asked) -> Iterator[Fault]:
    for item in asked.items:
        if item.is_still or (item.is_clip and item.covers < _ALL) or item.whole_because:
            continue
        what = "shows all of its recording" if item.is_clip else "is a whole recording"
        said = f"{item.label} {what}, and nobody has said why all of it is needed."
        fix = Fix.SAY_WHY_WHOLE if item.exhibit else Fix.NUMBER
        yield Fault(said, fix, item.key, item.exhibit, item.recording)


def _playable(asked: _Asked) -> Iterator[Fault]:
    for item in asked.items:
        if item.size and not item.is_still and item.not_playable:
            said = f"{item.label}: {' '.join(item.not_playable)}"
            yield Fault(said, Fix.MAKE_PLAYABLE, item.key, item.exhibit, item.recording)


def _size(asked: _Asked) -> Iterator[Fault]:
    for item in asked.items:
        if item.size <= COURT_TAKES:
            continue
        parts = parts_of(item.seconds, item.size, item.whole)
        yield Fault(
            f"{item.label} has {item.size / 1e6:,.0f} MB; courts take"
            f" {COURT_TAKES / 1e6:,.0f} MB a file. Make {len(parts)} clips of it instead.",
            Fix.CUT,
            item.key,
            item.exhibit,
            item.recording,
            advised=asked.audience is not Audience.COURT,
            parts=tuple(
                Part(item.begins + part.begins, item.begins + part.ends, part.size)
                for part in parts
            ),
        )


def _names(asked: _Asked) -> Iterator[Fault]:
    paths = [(item.key, path_of(item)) for item in asked.items]
    wrong = faults_of_paths(paths, bag_name(asked.case.urn, asked.audience))
    same: dict[str, list[str]] = defaultdict(list)
    for item in asked.items:
        if item.sha256:
            same[item.sha256].append(item.label)
    for item in asked.items:
        if said := wrong.get(item.key):
            yield Fault(
                f"{item.label}: {said}", Fix.LEAVE_OUT, item.key, item.exhibit, item.recording
            )
        twins = [each for each in same.get(item.sha256, ()) if each != item.label]
        if twins and item.label > min(twins):
            said = f"{item.label} and {min(twins)} are one film. Leave one of them out."
            yield Fault(said, Fix.LEAVE_OUT, item.key, item.exhibit, item.recording)


def _described(asked: _Asked) -> Iterator[Fault]:
    for recording, said in asked.case.undescribed:
        yield Fault(said, Fix.DESCRIBE, recording=recording)


def _coverage(asked: _Asked) -> Iterator[Fault]:
    for said in asked.case.open_coverage:
        yield Fault(said, Fix.COVERAGE)


def _redacted(asked: _Asked) -> Iterator[Fault]:
    if asked.redaction is Redaction.OFF:
        return
    for item in asked.items:
        if item.is_redacted or item.unhidden_because:
            continue
        said = f"Nothing is hidden in {item.label}, and nobody has said why that is right."
        advised = asked.redaction is not Redaction.REQUIRED
        fix = Fix.SAY_WHY_UNHIDDEN if item.exhibit else Fix.NUMBER
        yield Fault(said, fix, item.key, item.exhibit, item.recording, advised)


def _sensitive(asked: _Asked) -> Iterator[Fault]:
    for item in asked.items:
        if item.status is not Status.SENSITIVE:
            continue
        if why := why_not_have(asked.audience, item.status, exhibited=True):
            said = f"{item.label}: {why}"
            yield Fault(said, Fix.LEAVE_OUT, item.key, item.exhibit, item.recording)


_FAULTS: Mapping[Check, Callable[[_Asked], Iterator[Fault]]] = {
    Check.PROVIDED: _provided,
    Check.EXHIBIT: _exhibit,
    Check.CLIPPED: _clipped,
    Check.PLAYABLE: _playable,
    Check.SIZE: _size,
    Check.NAMES: _names,
    Check.DESCRIBED: _described,
    Check.COVERAGE: _coverage,
    Check.REDACTED: _redacted,
    Check.SENSITIVE: _sensitive,
}


def path_of(item: Item) -> str:
    """Return where an exhibit's film stands in a package."""
    if item.is_clip or item.is_still:
        ending = "png" if item.is_still else "mp4"
        return f"{CLIPS}/{file_name(item.label, item.item, ending)}"
    return f"{NATIVE}/{native_name(item.label, item.name)}"


def bag_name(urn: str, audience: Audience) -> str:
    """Return what the package of a case for somebody is called."""
    return safe_name(f"{urn.replace('/', '-')}-{audience}")
