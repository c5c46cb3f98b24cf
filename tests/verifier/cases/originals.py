"""Whole files, and what the log commits to of them."""

from __future__ import annotations

from dataclasses import replace

from tests.verifier.cases.entering import FILE, C, case
from tests.verifier.story import ORIGINAL_PATH, OTHER, Plot, Story, footage, other_footage, story

from custodes.kernel.digest import sha256

case(
    "salt of another recording",
    "The file's own digests, under another salt.",
    but={FILE: (C, "file.other_commitment")},
    has_clip=False,
    has_original=True,
)(lambda: story(original=True).with_file(salt=other_footage().salt))


def _other_file() -> Story:
    told = story(original=True)
    return replace(told, media={ORIGINAL_PATH: other_footage().data})


case(
    "another file",
    "Another recording under the name of this one.",
    but={FILE: (C, "file.differs")},
    has_clip=False,
    has_original=True,
)(_other_file)
case(
    "entry of another recording",
    "The file names an entry that did not take it in.",
    but={FILE: (C, "file.other_entry")},
    has_clip=False,
    has_original=True,
)(lambda: story(original=True).with_file(entry=5))
case(
    "recording of another name",
    "The entry took this original in, but for another recording.",
    but={FILE: (C, "file.other_entry")},
    has_clip=False,
    has_original=True,
)(lambda: story(original=True).with_file(recording=OTHER))


def _described() -> Story:
    """Name an entry about the same original that has its commitments and took nothing in."""
    plot = Plot(extra=(("recording.described", footage().facts()),))
    told = story(original=True, plot=plot)
    [index] = [
        n for n, each in enumerate(told.log.entries) if each.public.kind == "recording.described"
    ]
    return told.with_file(entry=index)


case(
    "entry of another kind",
    "The entry is about this original, but did not take it in.",
    but={FILE: (C, "file.other_entry")},
    has_clip=False,
    has_original=True,
)(_described)
case(
    "digest of another file",
    "File and digest agree with each other, and not with the log.",
    but={FILE: (C, "file.other_commitment")},
    has_clip=False,
    has_original=True,
)(
    lambda: replace(
        story(original=True).with_file(
            file_sha256=sha256(other_footage().data), size=len(other_footage().data)
        ),
        media={ORIGINAL_PATH: other_footage().data},
    )
)
