"""Timestamps over a checkpoint: by whom, over what, and when their certificates were good."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.verifier.cases.entering import SEEN, TIME, C, N, P, Said, case
from tests.verifier.small_log import NOON
from tests.verifier.story import Story, minutes, story
from tests.verifier.tokens import Authority

PINNED, STRANGER = Authority(), Authority("Nobody's authority")
DAY = timedelta(days=1)
STAMPED_AT = NOON + minutes(30)
UNSEEN = {SEEN: (N, "witness.none_asked")}
OUTSIDE, NOBODY = (P, "time.upper_only"), (N, "time.no_outside_clock")


def stamped(answer: bytes, over: bytes | None = None, note: bytes | None = None) -> Story:
    """Return an honest record whose head bears a timestamp; ``note`` is what lies beside it."""
    told = story()
    head = told.statement.head
    checkpoints = (*told.statement.checkpoints[:-1], replace(head, tokens=("timestamps/1.tsr",)))
    beside = told.tags[head.note] if note is None else note
    tags = {**told.tags, "timestamps/1.tsr": answer, "timestamps/1.note": beside}
    return replace(told.but(checkpoints=checkpoints), tags=tags)


def head_note(which: int = -1) -> bytes:
    told = story()
    return told.tags[told.statement.checkpoints[which].note]


def entered(name: str, why: str, said: Said, tell: Callable[[], Story], **more: Any) -> None:
    policy = more.pop("policy", "no-witness.txt")
    but = {TIME: said} | (UNSEEN if policy == "no-witness.txt" else {})
    case(f"timestamp {name}", why, policy=policy, but=but, has_clip=False)(tell)


def by(authority: Authority, **how: Any) -> Callable[[], Story]:
    return lambda: stamped(authority.stamp(head_note(), STAMPED_AT, **how))


entered("good", "A pinned authority had the head by then.", OUTSIDE, by(PINNED))
entered(
    "good beside witnesses",
    "Witnesses bound the times more closely than it does.",
    (P, "time.window"),
    by(PINNED),
    policy="policy.txt",
)
entered(
    "good without its certificate",
    "The answer carries no certificate; it is pinned beside the root.",
    OUTSIDE,
    by(PINNED, carries=False),
)
entered(
    "good then, expired since",
    "Its certificate has run out since; at that time it was good.",
    OUTSIDE,
    by(Authority(until=STAMPED_AT + DAY)),
)
entered(
    "before the entries' times",
    "The authority had the head before an entry in it says that it was written.",
    (C, "time.too_late"),
    lambda: stamped(PINNED.stamp(head_note(), NOON + minutes(9.5))),
)
entered(
    "of another checkpoint",
    "A pinned authority signed it, over an earlier checkpoint.",
    (C, "time.token_differs"),
    lambda: stamped(PINNED.stamp(head_note(0), STAMPED_AT), note=head_note(0)),
)
entered(
    "over other bytes",
    "It is over something else than the note beside it.",
    (C, "time.token_differs"),
    lambda: stamped(PINNED.stamp(b"something else", STAMPED_AT)),
)
entered(
    "with a note that is none",
    "What lies beside it is no note.",
    (C, "time.token_differs"),
    lambda: stamped(PINNED.stamp(b"no note", STAMPED_AT), note=b"no note"),
)


def _flipped(at: int) -> Story:
    answer = bytearray(PINNED.stamp(head_note(), STAMPED_AT))
    answer[at] ^= 1
    return stamped(bytes(answer))


entered("with a bad signature", "Its last byte was changed.", NOBODY, lambda: _flipped(-1))
entered(
    "over a changed time",
    "The time that was signed is a second later.",
    NOBODY,
    lambda: stamped(
        PINNED.stamp(head_note(), STAMPED_AT).replace(b"20261114123000Z", b"20261114123001Z")
    ),
)
entered(
    "by an authority that is not pinned",
    "Somebody stamped it whose root nobody gave.",
    NOBODY,
    by(STRANGER),
)
entered(
    "by an expired certificate",
    "Its certificate had run out a day before.",
    NOBODY,
    by(Authority(until=STAMPED_AT - DAY)),
)
entered(
    "by a certificate of the future",
    "Its certificate was not good yet.",
    NOBODY,
    by(Authority(since=STAMPED_AT + DAY)),
)
entered(
    "by a certificate for something else",
    "The root vouches for the key, but not for stamping with it.",
    NOBODY,
    by(Authority(may_stamp=False)),
)
entered(
    "that names another certificate",
    "What is signed names another certificate of the same issuer and number.",
    NOBODY,
    by(PINNED, names_another=True),
)
entered("that is none", "The answer cannot be read.", NOBODY, lambda: stamped(b"no answer"))
entered(
    "with bytes left over",
    "Something follows the answer.",
    NOBODY,
    lambda: stamped(PINNED.stamp(head_note(), STAMPED_AT) + b"\0"),
)
