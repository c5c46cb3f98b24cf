"""A recording from its announcement on: taken in, described, seen, changed, checked."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from custodes.custody.events.kind import Event, event
from custodes.custody.rules import Law


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
    derived from the file's data key and dies with it. ``sequence`` is the number the
    camera gave the recording, and ``previous`` the leaf hash of the entry that took in
    the file before this one of the same camera (section 5).
    """

    kind = "recording.ingested"
    law = Law.COLLECTION
    sentence = "{actor} delivered the file {name} ({size} bytes); it was proved and sealed."
    public = MappingProxyType(
        {
            "original": "o",
            "device": "d",
            "source": "src",
            "sequence": "q",
            "previous": "dp",
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
    sequence: int | None = None
    previous: str = ""


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
class RecordingCompleted(Event):
    """The dock said that nothing more comes for this recording.

    ``ended`` is when it ended by its camera: from it an outsider computes when it was due.
    """

    kind = "recording.completed"
    law = Law.COLLECTION
    sentence = "{actor} said the recording is complete: {files} files."
    public = MappingProxyType({"files": "f", "ended": "e"})

    files: int
    ended: str = ""


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
class ClipMade(Event):
    """A person made a clip of a file, which was not changed.

    ``begins`` and ``ends`` are seconds into the file; ``moments`` the same by the camera's
    clock. ``new`` are the packets that are not the original's own, of all ``packets``.
    """

    kind = "clip.made"
    law = Law.ALTERATION
    sentence = (
        "{actor} made a clip of {name}, {moments} ({new} of {packets} packets made anew)."
        " The original was not changed. Reason: {because}"
    )
    public = MappingProxyType({"original": "o", "copy": "c", "size": "z"})

    original: str
    copy: str
    size: int
    name: str
    sha256: str
    moments: str
    begins: str
    ends: str
    packets: int
    new: int
    recipe: str


@event
@dataclass(frozen=True, slots=True)
class StillMade(Event):
    """A person took a picture out of a file, which was not changed.

    ``moment`` is when it was filmed by the camera's clock; ``utc`` by ours, where the
    difference was measured.
    """

    kind = "still.made"
    law = Law.ALTERATION
    sentence = (
        "{actor} took the picture of {moment} out of {name}. The original was not changed."
        " Reason: {because}"
    )
    public = MappingProxyType({"original": "o", "copy": "c", "size": "z"})

    original: str
    copy: str
    size: int
    name: str
    sha256: str
    moment: str
    utc: str
    recipe: str


@event
@dataclass(frozen=True, slots=True)
class ClipFetched(Event):
    """A person wrote a clip or a still out of the system; ``made`` is its handle."""

    kind = "clip.fetched"
    law = Law.DISCLOSURE
    sentence = "{actor} fetched the {what} {made} of {name}. Reason: {because}"

    what: str
    made: str
    name: str


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
class RecordingsSearched(Event):
    """A person looked through a list of recordings, with its small pictures."""

    kind = "recordings.searched"
    law = Law.CONSULTATION
    sentence = "{actor} looked through the recordings: {asked}; {found} were found."

    asked: str
    found: str


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
class RecordingPackaged(Event):
    """A person had a package made: the originals, their history, and the proof of both."""

    kind = "recording.packaged"
    law = Law.DISCLOSURE
    sentence = (
        "{actor} had a package made for {recipient} with {files} originals, details opened:"
        " {opened}. Reason: {because}"
    )
    public = MappingProxyType({"files": "f"})

    recipient: str
    files: int
    opened: str


@event
@dataclass(frozen=True, slots=True)
class ClipsPackaged(Event):
    """A person had a package made of clips and stills, with the proof of each.

    ``made`` are their handles, with a comma between.
    """

    kind = "clips.packaged"
    law = Law.DISCLOSURE
    sentence = (
        "{actor} had a package made for {recipient} with {files} clips and stills of it, and the"
        " proof of each. Reason: {because}"
    )
    public = MappingProxyType({"files": "f"})

    recipient: str
    files: int
    made: str


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
class CategoryAgreed(Event):
    """A second person agreed to a change of category, so what it was before counts no more."""

    kind = "recording.category_agreed"
    law = Law.ALTERATION
    sentence = "{actor} agreed that the category is {after}, and no longer {before}: {because}"

    before: str
    after: str


@event
@dataclass(frozen=True, slots=True)
class RecordingPlaced(Event):
    """A person said in words where the recording was filmed."""

    kind = "recording.placed"
    law = Law.ALTERATION
    sentence = "{actor} said where it was filmed: {place}. Before: {before}."

    before: str
    place: str


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
