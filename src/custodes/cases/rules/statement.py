"""A draft of the statement that produces a recording (MG11), from facts alone.

The officer corrects and signs it elsewhere; here nothing is known that is not in the
database, so each sentence either carries its facts or says which one is missing. What
only a witness can say, that they saw it happen, is left to the witness.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

DRAFT = "DRAFT"
MISSING = "[Not known: {what}.]"


@dataclass(frozen=True, slots=True)
class ExhibitFacts:
    """What is known of an exhibit, each as it is to be read; empty means: not known."""

    case: str
    reference: str
    item: str
    producer: str
    wearer: str
    produced_by_wearer: bool
    number: str
    unit: str
    camera: str
    model: str
    mount: str
    started: str
    ended: str
    length: str
    clock: str
    sealed: str
    checked: str
    place: str
    recording: str
    derived_from: str
    clip: str
    digests: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, and what is missing from it, in words, if something is."""

    text: str
    missing: str = ""

    def __str__(self) -> str:
        return (
            f"{self.text} {MISSING.format(what=self.missing)}".strip()
            if self.missing
            else self.text
        )


def draft(facts: ExhibitFacts) -> list[Sentence]:
    """Return the draft, sentence by sentence."""
    return [*_who(facts), *_what(facts), *_when(facts), *_unaltered(facts)]


def as_text(facts: ExhibitFacts) -> str:
    """Return the draft as plain text, marked as one at its head and its foot."""
    mark = f"{DRAFT} - not a statement until the witness has corrected and signed it"
    body = "\n\n".join(str(sentence) for sentence in draft(facts))
    head = f"{mark}\n\nWitness statement (MG11)\nCase {facts.case}"
    return f"{head}\n\n{body}\n\n{mark}\n"


def _who(facts: ExhibitFacts) -> Iterator[Sentence]:
    if not facts.producer:
        yield Sentence("", "who produces this exhibit")
    else:
        yield Sentence(f"I am {facts.producer}.")
    if facts.number:
        yield Sentence(f"My collar number is {facts.number}.")
    else:
        yield Sentence("", "the collar number")
    yield Sentence(f"I belong to {facts.unit}.") if facts.unit else Sentence("", "the unit")


def _what(facts: ExhibitFacts) -> Iterator[Sentence]:
    yield from _camera(facts)
    if facts.mount:
        yield Sentence(f"It was worn on: {facts.mount}.")
    else:
        yield Sentence("", "where on the body it was worn")
    what = f"{facts.clip} of the recording" if facts.clip else "the recording"
    yield Sentence(f"I produce {what} that camera made as exhibit {facts.reference}: {facts.item}.")
    if facts.derived_from:
        yield Sentence(f"It was made from exhibit {facts.derived_from}.")
    yield Sentence(f"It is kept under the reference {facts.recording}.")


def _camera(facts: ExhibitFacts) -> Iterator[Sentence]:
    """Say who wore which camera: only the wearer says that they did."""
    camera = f"body-worn camera {facts.camera}{f', {facts.model}' if facts.model else ''}"
    missing = "" if facts.model else "the camera's model"
    if facts.produced_by_wearer:
        yield Sentence(f"I wore {camera}.", missing)
    elif facts.wearer:
        yield Sentence(f"{facts.wearer} wore {camera}.", missing)
    else:
        yield Sentence(f"The recording was made by {camera}.", missing)
        yield Sentence("", "who wore it")


def _when(facts: ExhibitFacts) -> Iterator[Sentence]:
    yield Sentence(f"By the camera's clock the recording begins on {facts.started}.")
    if facts.ended:
        yield Sentence(f"It ends on {facts.ended} and lasts {facts.length}.")
    else:
        yield Sentence("", "when it ends")
    if facts.clock:
        yield Sentence(f"The camera's clock, when it was compared: {facts.clock}.")
    else:
        yield Sentence("", "whether the camera's clock was right; it was not compared")
    yield Sentence(f"It was filmed at {facts.place}.") if facts.place else Sentence("", "the place")


def _unaltered(facts: ExhibitFacts) -> Iterator[Sentence]:
    if not facts.digests:
        yield Sentence("", "the recording's files; none has arrived")
        return
    yield Sentence(f"The recording was received and sealed on {facts.sealed}.")
    for name, digest in facts.digests:
        yield Sentence(f"The SHA-256 digest of {name}, as it was received, is {digest}.")
    if facts.checked:
        yield Sentence(f"What is stored was last compared with that on {facts.checked}.")
    else:
        yield Sentence("", "whether it is still as it was received; it was not checked since")
