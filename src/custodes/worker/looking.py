"""The reactions that look at recordings. What they do is the stage's own business."""

from __future__ import annotations

from custodes.recordings.actions import look
from custodes.recordings.actions.keep_proof import keep_proof
from custodes.worker.errand import BY, Asked


def look_at_original(asked: Asked) -> None:
    """Say what is in the file that was sealed: probe, pictures, sound, track."""
    look.look_at(asked.facts["o"], _terms(asked))


def make_viewing_copy(asked: Asked) -> None:
    """Make a copy of the file that was sealed, if no browser plays it as it is."""
    look.copy_for_viewing(asked.facts["o"], _terms(asked))


def look_at_the_rest(asked: Asked) -> None:
    """Look at what waited for a key that will not come, now that nothing more comes."""
    look.look_at_the_rest(asked.subject, _terms(asked))


def prove_clip(asked: Asked) -> None:
    """Keep the proof of a clip that was cut, so that packages are made quickly."""
    keep_proof(asked.facts["c"])


def _terms(asked: Asked) -> look.Terms:
    return look.Terms(
        by=BY,
        keep_going=asked.keep_going,
        handle_for=asked.handle_for,
        last_try=asked.last_try,
    )
