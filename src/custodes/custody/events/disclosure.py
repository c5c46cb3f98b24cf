"""What is given to whom of a case, and what they do with it. Told of the case and its recordings.

Who, of which case, and which address is private; nothing of a link is in any entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from custodes.custody.events.kind import Event, event
from custodes.custody.rules import Law


@event
@dataclass(frozen=True, slots=True)
class ShareCreated(Event):
    """Something of a case was shared with one recipient, or prepared to be.

    ``items`` names each with its SHA-256, ``files`` how many they are; ``standing`` is
    whether the link opens at once or waits for a second person. ``despite`` says why it
    went though a camera was not accounted for, or that every one was.
    """

    kind = "share.created"
    law = Law.DISCLOSURE
    sentence = (
        "{actor} shared with {recipient}, {organisation} ({audience}), of case {urn}, until"
        " {until}; the link {standing}: {items}. Cameras: {despite}. Reason: {because}"
    )
    public = MappingProxyType({"files": "f"})

    files: int
    urn: str
    share: str
    recipient: str
    organisation: str
    address: str
    audience: str
    until: str
    standing: str
    items: str
    despite: str


@event
@dataclass(frozen=True, slots=True)
class ShareReleased(Event):
    """A second person released what was prepared for the defence."""

    kind = "share.released"
    law = Law.DISCLOSURE
    sentence = "{actor} released what was prepared for {recipient} of case {urn}."

    urn: str
    share: str
    recipient: str


@event
@dataclass(frozen=True, slots=True)
class ShareRevoked(Event):
    """What was shared was called back: the link opens nothing from then on."""

    kind = "share.revoked"
    law = Law.DISCLOSURE
    sentence = "{actor} called back what {recipient} was given of case {urn}. Reason: {because}"

    urn: str
    share: str
    recipient: str


@event
@dataclass(frozen=True, slots=True)
class ShareExpired(Event):
    """The time of a share is over: its link opens nothing any more."""

    kind = "share.expired"
    law = Law.DISCLOSURE
    sentence = "The link of {recipient} to what they were given of case {urn} is over."

    urn: str
    share: str
    recipient: str


@event
@dataclass(frozen=True, slots=True)
class ShareCodeMade(Event):
    """A code was made that opens a share; ``way`` is how it comes to the recipient."""

    kind = "share.code_made"
    law = Law.SYSTEM
    sentence = "{actor} made a code for {recipient}, for what they were given of case {urn}: {way}."

    urn: str
    share: str
    recipient: str
    way: str


@event
@dataclass(frozen=True, slots=True)
class ShareOpened(Event):
    """The recipient opened a share with a code that was right; ``address`` is their network's.

    ``way`` is how the code had come to them: by e-mail, or told by an officer.
    """

    kind = "share.opened"
    law = Law.DISCLOSURE
    sentence = (
        "{actor} opened what they were given of case {urn}, from {address}, with a code {way}."
    )

    urn: str
    share: str
    address: str
    way: str


@event
@dataclass(frozen=True, slots=True)
class ShareDenied(Event):
    """Somebody who had the link of a share was refused. It may have been somebody else."""

    kind = "share.refused"
    law = Law.SYSTEM
    sentence = (
        "Somebody at {address} who had the link of {recipient}, of case {urn}, was refused: {why}"
    )

    urn: str
    share: str
    recipient: str
    address: str
    why: str


@event
@dataclass(frozen=True, slots=True)
class ShareStreamed(Event):
    """The recipient began to play, or to look at, something of a share."""

    kind = "share.streamed"
    law = Law.DISCLOSURE
    sentence = "{actor} looked at {item}, of case {urn}."

    urn: str
    share: str
    item: str


@event
@dataclass(frozen=True, slots=True)
class ShareSeen(Event):
    """How far the recipient watched, as their player reported it."""

    kind = "share.seen"
    law = Law.CONSULTATION
    sentence = "{actor} watched {stretches} of {item}, of case {urn}."

    urn: str
    share: str
    item: str
    stretches: str


@event
@dataclass(frozen=True, slots=True)
class ShareDownloaded(Event):
    """The recipient took something of a share away as a file."""

    kind = "share.downloaded"
    law = Law.DISCLOSURE
    sentence = "{actor} took {item} away, of case {urn} (SHA-256 {sha256})."

    urn: str
    share: str
    item: str
    sha256: str


@event
@dataclass(frozen=True, slots=True)
class ShareAcknowledged(Event):
    """The recipient said that they received what was shared; ``items`` is what that was."""

    kind = "share.acknowledged"
    law = Law.DISCLOSURE
    sentence = "{actor} acknowledged receipt of {items}, of case {urn}."
    public = MappingProxyType({"files": "f"})

    files: int
    urn: str
    share: str
    items: str


@event
@dataclass(frozen=True, slots=True)
class ShareWished(Event):
    """The recipient asked for more than they were given."""

    kind = "share.wished"
    law = Law.SYSTEM
    sentence = "{actor} asked, of case {urn}: {text}"

    urn: str
    share: str
    text: str


@event
@dataclass(frozen=True, slots=True)
class ShareAnswered(Event):
    """Somebody answered what a recipient had asked for."""

    kind = "share.answered"
    law = Law.SYSTEM
    sentence = "{actor} answered {recipient}, of case {urn}: {answer}"

    urn: str
    share: str
    recipient: str
    answer: str


@event
@dataclass(frozen=True, slots=True)
class ShareLeft(Event):
    """The recipient closed a share in their browser; the next time it asks for a code again."""

    kind = "share.left"
    law = Law.SYSTEM
    sentence = "{actor} closed what they were given of case {urn}."

    urn: str
    share: str


@event
@dataclass(frozen=True, slots=True)
class ShareMailed(Event):
    """The mail server took an e-mail to the recipient; ``what`` is what it told or carried."""

    kind = "share.mailed"
    law = Law.SYSTEM
    sentence = "An e-mail with {what} went to {recipient} at {address}, for case {urn}."

    urn: str
    share: str
    recipient: str
    address: str
    what: str


@event
@dataclass(frozen=True, slots=True)
class ShareSentAgain(Event):
    """Somebody had the link sent to the recipient once more."""

    kind = "share.sent_again"
    law = Law.SYSTEM
    sentence = "{actor} had the link sent to {recipient} again, for case {urn}."

    urn: str
    share: str
    recipient: str
