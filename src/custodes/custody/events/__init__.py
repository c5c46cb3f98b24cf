"""Every kind of custody entry, each as one frozen type, in a page for each area.

``kind`` says what all of them have. docs/reference/custody-events.md lists them,
kept complete by a test.
"""

from custodes.custody.events.arrival import ArrivalRefused, UploadDiscarded, UploadQuarantined
from custodes.custody.events.fleet import (
    CameraChanged,
    CameraEnrolled,
    CameraIssued,
    DockDescribedItself,
    DockEnrolled,
    WearerAnnounced,
)
from custodes.custody.events.gaps import DockSession, GapArrived, GapExplained, GapOpened
from custodes.custody.events.installation import CensusTaken, LogBegun, StoreScrubbed
from custodes.custody.events.kind import KINDS, Event
from custodes.custody.events.log import CheckpointStamped, Heartbeat, LogRecovered
from custodes.custody.events.oversight import (
    DetailsErased,
    ErasurePlanned,
    LogViewed,
    RecordTaken,
)
from custodes.custody.events.people import PersonAdded, PersonChanged, SignedIn
from custodes.custody.events.recordings import (
    AccessDenied,
    BookmarkAdded,
    CopyMade,
    NoteAdded,
    OfferedAgain,
    OriginalSealed,
    PageOpened,
    RecordingChangedByCamera,
    RecordingChecked,
    RecordingClassified,
    RecordingCompleted,
    RecordingDescribed,
    RecordingFetched,
    RecordingOpened,
    RecordingPlaced,
    RecordingsSearched,
    RecordingViewed,
)

__all__ = [
    "KINDS",
    "AccessDenied",
    "ArrivalRefused",
    "BookmarkAdded",
    "CameraChanged",
    "CameraEnrolled",
    "CameraIssued",
    "CensusTaken",
    "CheckpointStamped",
    "CopyMade",
    "DetailsErased",
    "DockDescribedItself",
    "DockEnrolled",
    "DockSession",
    "ErasurePlanned",
    "Event",
    "GapArrived",
    "GapExplained",
    "GapOpened",
    "Heartbeat",
    "LogBegun",
    "LogRecovered",
    "LogViewed",
    "NoteAdded",
    "OfferedAgain",
    "OriginalSealed",
    "PageOpened",
    "PersonAdded",
    "PersonChanged",
    "RecordTaken",
    "RecordingChangedByCamera",
    "RecordingChecked",
    "RecordingClassified",
    "RecordingCompleted",
    "RecordingDescribed",
    "RecordingFetched",
    "RecordingOpened",
    "RecordingPlaced",
    "RecordingViewed",
    "RecordingsSearched",
    "SignedIn",
    "StoreScrubbed",
    "UploadDiscarded",
    "UploadQuarantined",
    "WearerAnnounced",
]
