"""Claim ``made``: a file is the one that an entry says was made of an original, such as a still.

It shows that these are the bytes the system made then and wrote down. That they show what
the original does is not in any package: pictures are decoded for it, so that only a clip
with its proof, or the original, shows that.
"""

from __future__ import annotations

from custodes.kernel.clock import rfc3339
from custodes.package.statement import FileShown
from custodes.verifier.claims import Claim, Making
from custodes.verifier.evidence import Evidence
from custodes.verifier.opened import fields_of

_WORDS = {"clip.made": "clip", "still.made": "still"}
_FIELD = "sha256"


def check_made(evidence: Evidence, file: FileShown) -> Claim:
    """Say whether a file is the one whose SHA-256 stands in the entry that made it."""
    making = Making("made", file.path)
    entry = evidence.entries.get(file.entry)
    made = entry is not None and (entry.kind in _WORDS, entry.subject, entry.facts.get("o"))
    if entry is None or made != (True, file.recording, file.original):
        said = f"The entry named for {file.path} does not say that it was made of this original."
        return making.contradicted("made.other_entry", said)
    fields = fields_of(evidence, file.entry)
    if fields is None:
        said = f"It rests on the opened details of entry {file.entry}, which are not proven."
        return making.not_proven("needs.opened", said)
    if _FIELD not in fields:
        said = f"Entry {file.entry} does not show which bytes were made: that detail is withheld."
        return making.not_proven("made.not_opened", said)
    stored = evidence.opened.files[file.path]
    if (stored.size, evidence.digests[file.path]) != (entry.facts.get("z"), fields[_FIELD]):
        said = f"{file.path} is not the file that was made."
        return making.contradicted("made.differs", said)
    if not evidence.log_proven:
        return making.without_log()
    said = (
        f"{file.path} is, bit for bit, the {_WORDS[entry.kind]} that entry {file.entry} of the log"
        f" says was made of an original on {rfc3339(entry.at)}."
    )
    return making.proven("made.as_entered", said)
