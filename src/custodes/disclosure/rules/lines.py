"""The words of the gate: what its lines ask, what can be wrong, and where it is put right.

Rules only. The reasons for which the Crown Prosecution Service sends body-worn video back
stand in its own words (law DIS-01, from its published prototype of file checks).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from custodes.cases.rules.material import NOT_DESCRIBED, Status
from custodes.disclosure.rules.sizes import Part


class Check(StrEnum):
    """What one line of the gate asks, in the order they are asked."""

    PROVIDED = "provided"
    EXHIBIT = "exhibit"
    CLIPPED = "clipped"
    PLAYABLE = "playable"
    SIZE = "size"
    NAMES = "names"
    DESCRIBED = "described"
    COVERAGE = "coverage"
    REDACTED = "redacted"
    SENSITIVE = "sensitive"


#: What is asked of the case itself, whatever was chosen of it.
OF_THE_CASE = frozenset({Check.DESCRIBED, Check.COVERAGE})

#: The words in which the prosecutor sends a file back.
CPS_WORDS: Mapping[Check, str] = {
    Check.PROVIDED: "Multi-media BWV not provided",
    Check.EXHIBIT: "Evidential failure \u2013 Exhibit",
    Check.CLIPPED: "Multi-media BWV not clipped",
    Check.PLAYABLE: "Multi-media BWV not in playable format",
    Check.DESCRIBED: NOT_DESCRIBED,
}

ASKS: Mapping[Check, str] = {
    Check.PROVIDED: "There is body-worn video to give",
    Check.EXHIBIT: "Each of it is an exhibit",
    Check.CLIPPED: "Only the part that matters is given",
    Check.PLAYABLE: "Every player shows it: MP4 with H.264 and AAC",
    Check.SIZE: "Every file is small enough for a court",
    Check.NAMES: "Files can be told apart, and their paths are short enough",
    Check.DESCRIBED: "Unused material is described",
    Check.COVERAGE: "Every camera is accounted for",
    Check.REDACTED: "What nobody needs to see is hidden",
    Check.SENSITIVE: "Nothing sensitive is among it",
}


class Fix(StrEnum):
    """Where a fault is put right."""

    CHOOSE = "choose"
    NUMBER = "number"
    CUT = "cut"
    MAKE_PLAYABLE = "make-playable"
    SAY_WHY_WHOLE = "say-why-whole"
    SAY_WHY_UNHIDDEN = "say-why-unhidden"
    COVERAGE = "coverage"
    DESCRIBE = "describe"
    LEAVE_OUT = "leave-out"


class Redaction(StrEnum):
    """What a force asks about hiding what nobody needs to see, for one audience (law DIS-03)."""

    OFF = "off"
    WARN = "warn"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True)
class Item:
    """One film or picture that is to be given, and what is known of its file.

    ``label`` is what it is called: an exhibit's reference, or what it is of and when;
    ``exhibit`` is the handle of the exhibit it is, empty if it is none. ``covers`` is how
    much of its recording it shows, 1 for all of it. ``begins`` is how many seconds into
    the recording it begins; ``whole`` where its whole pictures stand. ``size`` 0: its file
    is not there. ``name`` is the file's own, of a whole recording.
    """

    key: str
    label: str
    recording: str
    sha256: str
    status: Status
    size: int
    seconds: float
    exhibit: str = ""
    item: str = ""
    name: str = ""
    is_clip: bool = False
    is_still: bool = False
    covers: float = 1.0
    begins: float = 0.0
    whole: tuple[tuple[float, int], ...] = ()
    not_playable: tuple[str, ...] = ()
    whole_because: str = ""
    is_redacted: bool = False
    unhidden_because: str = ""


@dataclass(frozen=True, slots=True)
class AboutTheCase:
    """What is known of the case itself; ``undescribed`` are recordings and what each lacks."""

    urn: str
    open_coverage: tuple[str, ...] = ()
    undescribed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to put right, and where. ``advised``: it keeps nothing from being given.

    ``item`` is the key of the item it is about, ``exhibit`` and ``recording`` are handles.
    """

    sentence: str
    fix: Fix
    item: str = ""
    exhibit: str = ""
    recording: str = ""
    advised: bool = False
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the gate. ``overridable``: somebody may go on with a reason that is shown."""

    check: Check
    faults: tuple[Fault, ...] = ()
    overridable: bool = False

    @property
    def is_open(self) -> bool:
        """Say whether it keeps what was chosen from being given."""
        return any(not fault.advised for fault in self.faults)

    @property
    def asks(self) -> str:
        """Return what it asks, as a sentence that is true once it is ticked."""
        return ASKS[self.check]

    @property
    def words(self) -> str:
        """Return the prosecutor's own words for it, while it is open."""
        return CPS_WORDS.get(self.check, "") if self.is_open else ""
