"""Every kind of custody entry, each as one frozen type.

``public`` names the fields that anybody may see, with the short member each has
in the entry's ``x``; they hold no personal data. Every other field is private:
it is committed to, and opened only to those who may know. ``sentence`` is how a
person reads the entry. docs/reference/custody-events.md lists them all, kept
complete by a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any, ClassVar

from custodes.custody.rules import Law

KINDS: dict[str, type[Event]] = {}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; see the subclasses."""

    kind: ClassVar[str]
    law: ClassVar[Law]
    sentence: ClassVar[str]
    public: ClassVar[Mapping[str, str]] = MappingProxyType({})

    def facts(self) -> dict[str, Any]:
        """Return the public members, leaving out the ones that do not apply."""
        values = {short: getattr(self, name) for name, short in self.public.items()}
        return {short: value for short, value in values.items() if value not in ("", None)}

    def private(self) -> dict[str, str]:
        """Return the private fields as text."""
        return {
            f.name: str(getattr(self, f.name)) for f in fields(self) if f.name not in self.public
        }


def event(kind: type[Event]) -> type[Event]:
    """Enter a kind of event in the closed list of those that may be recorded."""
    if kind.kind in KINDS:
        raise ValueError(f"two events are called {kind.kind}")
    KINDS[kind.kind] = kind
    return kind


# ── the installation ────────────────────────────────────────────────────────────


@event
@dataclass(frozen=True, slots=True)
class LogBegun(Event):
    """The log of this installation was begun."""

    kind = "log.genesis"
    law = Law.SYSTEM
    sentence = "The custody log {origin} was begun."
    public = MappingProxyType({"origin": "o", "formats": "f"})

    origin: str
    formats: str


@event
@dataclass(frozen=True, slots=True)
class StoreScrubbed(Event):
    """What is stored was read again and compared with what was sealed."""

    kind = "integrity.scrubbed"
    law = Law.SYSTEM
    sentence = "{checked} sealed objects were read again: {sound} sound, {faults} not."
    public = MappingProxyType({"checked": "c", "sound": "g", "faults": "f"})

    checked: int
    sound: int
    faults: int
    findings: str = ""


# ── people ──────────────────────────────────────────────────────────────────────


@event
@dataclass(frozen=True, slots=True)
class PersonAdded(Event):
    """An account was made for a person."""

    kind = "person.added"
    law = Law.SYSTEM
    sentence = "{actor} made an account for {person} ({username}) with the roles: {roles}."

    person: str
    username: str
    roles: str


@event
@dataclass(frozen=True, slots=True)
class PersonChanged(Event):
    """An account's roles, team or standing changed."""

    kind = "admin.changed"
    law = Law.SYSTEM
    sentence = "{actor} changed the account of {person}: {change}."

    person: str
    change: str


@event
@dataclass(frozen=True, slots=True)
class SignedIn(Event):
    """A person signed in."""

    kind = "person.signed_in"
    law = Law.SYSTEM
    sentence = "{actor} signed in from {address}."

    address: str


# ── cameras and docks ───────────────────────────────────────────────────────────


@event
@dataclass(frozen=True, slots=True)
class DockEnrolled(Event):
    """A dock was given its credential."""

    kind = "dock.enrolled"
    law = Law.SYSTEM
    sentence = "{actor} enrolled the dock {dock}."

    dock: str


@event
@dataclass(frozen=True, slots=True)
class DockDescribedItself(Event):
    """A controller said what the system behind it is called."""

    kind = "dock.described"
    law = Law.SYSTEM
    sentence = "{actor} said of its system {system}: {told}."

    system: str
    told: str


@event
@dataclass(frozen=True, slots=True)
class CameraEnrolled(Event):
    """A camera became known, by a dock or by a person."""

    kind = "device.enrol"
    law = Law.SYSTEM
    sentence = "{actor} enrolled the camera {serial} ({model})."
    public = MappingProxyType({"grade": "g"})

    grade: str
    serial: str
    model: str


@event
@dataclass(frozen=True, slots=True)
class CameraChanged(Event):
    """A camera's name, mount or standing changed."""

    kind = "device.changed"
    law = Law.SYSTEM
    sentence = "{actor} changed the camera {serial}: {change}."

    serial: str
    change: str


@event
@dataclass(frozen=True, slots=True)
class CameraIssued(Event):
    """A camera was issued to a wearer."""

    kind = "device.issued"
    law = Law.SYSTEM
    sentence = "{actor} issued the camera {serial} to {wearer}, worn {mount}."

    serial: str
    wearer: str
    mount: str


@event
@dataclass(frozen=True, slots=True)
class WearerAnnounced(Event):
    """A dock told of a person who wears its cameras."""

    kind = "wearer.announced"
    law = Law.SYSTEM
    sentence = "{actor} told of the wearer {wearer}: {change}."

    wearer: str
    change: str


# ── arrival ─────────────────────────────────────────────────────────────────────


@event
@dataclass(frozen=True, slots=True)
class ArrivalRefused(Event):
    """A dock offered something that cannot be taken in; it keeps its own copy."""

    kind = "arrival.refused"
    law = Law.COLLECTION
    sentence = "{actor} offered {name}, which was refused: {reason}"

    name: str
    reason: str


@event
@dataclass(frozen=True, slots=True)
class UploadQuarantined(Event):
    """What arrived failed a check; it is sealed and kept apart with the reason."""

    kind = "recording.rejected"
    law = Law.COLLECTION
    sentence = "{name} from {actor} was put in quarantine: {reason}"
    public = MappingProxyType({"size": "z"})

    size: int
    name: str
    reason: str
    sha256: str


@event
@dataclass(frozen=True, slots=True)
class UploadDiscarded(Event):
    """An unfinished upload that was never acknowledged was cleared away."""

    kind = "upload.discarded"
    law = Law.ERASURE
    sentence = "The unfinished upload of {name} ({size} of {promised} bytes) was cleared: {reason}"
    public = MappingProxyType({"size": "z"})

    size: int
    promised: str
    name: str
    reason: str


# ── recordings ──────────────────────────────────────────────────────────────────


@event
@dataclass(frozen=True, slots=True)
class RecordingOpened(Event):
    """A recording was announced; its files follow."""

    kind = "recording.opened"
    law = Law.COLLECTION
    sentence = "{actor} announced a recording by {wearer} with camera {camera}, from {started}."
    public = MappingProxyType({"device": "d", "source": "src"})

    device: str
    source: str
    wearer: str
    camera: str
    started: str


@event
@dataclass(frozen=True, slots=True)
class OriginalSealed(Event):
    """A file of a recording was proved, sealed and taken in.

    The three commitments are salted (custody format, section 4.1); the salt is
    derived from the file's data key and dies with it.
    """

    kind = "recording.ingested"
    law = Law.COLLECTION
    sentence = "{actor} delivered the file {name} ({size} bytes); it was proved and sealed."
    public = MappingProxyType(
        {
            "original": "o",
            "device": "d",
            "source": "src",
            "size": "z",
            "file": "fc",
            "chunks": "cc",
            "media": "m",
            "kid": "kid",
            "epoch": "ep",
        }
    )

    original: str
    device: str
    source: str
    size: int
    file: str
    chunks: str
    media: str
    kid: str
    epoch: int
    name: str
    sha256: str
    camera_says: str = ""


@event
@dataclass(frozen=True, slots=True)
class OfferedAgain(Event):
    """A file that is already held was delivered again, byte for byte."""

    kind = "recording.offered_again"
    law = Law.COLLECTION
    sentence = "{actor} delivered {name} again; it is the same, byte for byte, as the one held."

    name: str
    sha256: str


@event
@dataclass(frozen=True, slots=True)
class RecordingChangedByCamera(Event):
    """The dock sent new facts about a recording."""

    kind = "recording.told"
    law = Law.COLLECTION
    sentence = "{actor} sent facts about the recording: {told}."

    told: str


@event
@dataclass(frozen=True, slots=True)
class RecordingCompleted(Event):
    """The dock said that nothing more comes for this recording."""

    kind = "recording.completed"
    law = Law.COLLECTION
    sentence = "{actor} said the recording is complete: {files} files."
    public = MappingProxyType({"files": "f"})

    files: int


@event
@dataclass(frozen=True, slots=True)
class RecordingDescribed(Event):
    """The sandbox opened a file and wrote down what is in it."""

    kind = "recording.described"
    law = Law.ALTERATION
    sentence = "{actor} looked at {name}: {found}"
    public = MappingProxyType({"original": "o"})

    original: str
    name: str
    found: str


@event
@dataclass(frozen=True, slots=True)
class CopyMade(Event):
    """A copy for viewing was made from an original, which was not changed."""

    kind = "copy.made"
    law = Law.ALTERATION
    sentence = "{actor} made a {purpose} from {name}. The original was not changed."
    public = MappingProxyType({"original": "o", "copy": "c", "purpose": "u", "size": "z"})

    original: str
    copy: str
    purpose: str
    size: int
    name: str
    sha256: str
    recipe: str


@event
@dataclass(frozen=True, slots=True)
class RecordingViewed(Event):
    """A person played the recording."""

    kind = "recording.viewed"
    law = Law.CONSULTATION
    sentence = "{actor} played the recording. Reason: {because}"


@event
@dataclass(frozen=True, slots=True)
class PageOpened(Event):
    """A person looked at the details and pictures of the recording, on its page or in a list."""

    kind = "recording.opened_page"
    law = Law.CONSULTATION
    sentence = "{actor} looked at the recording: its details and pictures."


@event
@dataclass(frozen=True, slots=True)
class RecordingFetched(Event):
    """A person wrote a file of the recording out of the system."""

    kind = "recording.fetched"
    law = Law.DISCLOSURE
    sentence = "{actor} fetched the {copy} of {name}. Reason: {because}"

    copy: str
    name: str


@event
@dataclass(frozen=True, slots=True)
class RecordingClassified(Event):
    """A person put the recording in a category."""

    kind = "recording.classified"
    law = Law.ALTERATION
    sentence = "{actor} changed the category from {before} to {after}."

    before: str
    after: str


@event
@dataclass(frozen=True, slots=True)
class NoteAdded(Event):
    """A person added a note."""

    kind = "recording.noted"
    law = Law.ALTERATION
    sentence = "{actor} added a note."

    text: str


@event
@dataclass(frozen=True, slots=True)
class BookmarkAdded(Event):
    """A person or a camera marked a moment."""

    kind = "recording.bookmarked"
    law = Law.ALTERATION
    sentence = "{actor} marked the moment {moment}: {label}"

    moment: str
    label: str


@event
@dataclass(frozen=True, slots=True)
class RecordingChecked(Event):
    """What is stored of the recording was read again and compared."""

    kind = "recording.checked"
    law = Law.SYSTEM
    sentence = "{actor} had the recording checked: {outcome}"
    public = MappingProxyType({"sound": "ok", "faults": "f"})

    sound: int
    faults: int
    outcome: str


@event
@dataclass(frozen=True, slots=True)
class AccessDenied(Event):
    """A person asked for something they may not do."""

    kind = "access.denied"
    law = Law.SYSTEM
    sentence = "{actor} was refused: {asked}"

    asked: str
