"""Give the log new keys in two steps, so that whoever checks it never meets a stranger's.

First new keys are added: checkpoints carry the signatures of both generations, and the
policy names both, for as long as it takes witnesses and readers to learn the new ones.
Then the old private keys are destroyed. Their public keys stay in the policy, because
what they signed has to be checkable for as long as there are packages.

A key that somebody has stolen is another matter: then the log ends and a successor
begins (``custodes ledger successor``).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from custodes.custody import guard, strongroom
from custodes.custody.actions import record
from custodes.custody.checkpoints import publish
from custodes.custody.errors import LogBehind
from custodes.custody.events import LogKeysChanged
from custodes.custody.log import subject_of_log
from custodes.custody.queries import newest
from custodes.custody.rules import Actor
from custodes.kernel.digest import b64u, sha256
from custodes.kernel.errors import Refused
from custodes.ledger.keys import VerifierKey
from custodes.ledger.note import SignerKey

_NONE = "none"


class RotationRefused(Refused):
    """A step of a rotation was asked for that is not the next one."""

    advice = "No key was changed."


def add_keys(*, by: Actor, because: str, at: datetime) -> tuple[SignerKey, ...]:
    """Let new keys sign the log beside the ones it has; return the new ones.

    Raises RotationRefused while an earlier rotation is not finished, or without a reason;
    LogBehind, and no key is made, while nothing may be entered.
    """
    _demand(because)
    if _older():
        raise RotationRefused(
            "The keys were not changed: the last rotation is not finished.",
            "Retire the old keys first: custodes ledger rotate-key --retire-old.",
        )
    if why := guard.why_refused():
        raise LogBehind(why)
    # Entered before they sign; killed between, they wait and are not entered again.
    added = strongroom.prepare_signers()
    if not _named(added) <= _entered("added"):
        _enter(LogKeysChanged(added=_in_words(added), retired=_NONE), by, because, at)
    strongroom.take_up_signers()
    publish(at)
    return added


def retire_old_keys(*, by: Actor, because: str, at: datetime) -> tuple[SignerKey, ...]:
    """Destroy the older generation of the log's private keys; return what is gone.

    Its last signature is on the checkpoint that has the entry about this. Raises
    RotationRefused when no newer keys have taken over, or without a reason.
    """
    _demand(because)
    if not (old := _older()):
        raise RotationRefused(
            "The old keys were kept: there are no newer ones.",
            "Add new keys first: custodes ledger rotate-key.",
        )
    # Killed while they were destroyed, what is left of them is: entered once is enough.
    if not _named(old) <= _entered("retired"):
        _enter(LogKeysChanged(added=_NONE, retired=_in_words(old)), by, because, at)
    publish(at)
    strongroom.drop_signers(old)
    return old


def _older() -> tuple[SignerKey, ...]:
    """Return what signs of older generations while there is a newer one; nothing otherwise."""
    return tuple(key for generation in strongroom.generations()[:-1] for key in generation)


def _demand(because: str) -> None:
    if not because.strip():
        raise RotationRefused("The keys were not changed: nobody said why.", "Give a reason.")


@transaction.atomic
def _enter(changed: LogKeysChanged, by: Actor, because: str, at: datetime) -> None:
    record(changed, subject=subject_of_log(), by=by, at=at, because=because.strip())


def _entered(step: str) -> set[str]:
    """Return the names of the keys that the newest entry says were ``added`` or ``retired``."""
    last = next(newest(LogKeysChanged.kind), None)
    return set(last.facts[LogKeysChanged.public[step]].split()) if last else set()


def _named(keys: Iterable[SignerKey]) -> set[str]:
    return {_name(key.verifier) for key in keys}


def _in_words(keys: Iterable[SignerKey]) -> str:
    return " ".join(_name(key.verifier) for key in keys)


def _name(key: VerifierKey) -> str:
    return f"{key.kind.name.lower()}:{b64u(sha256(key.public))}"
