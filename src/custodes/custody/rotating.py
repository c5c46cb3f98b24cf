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
from custodes.custody.checkpoints import publish, subject_of_log
from custodes.custody.errors import LogBehind
from custodes.custody.events import LogKeysChanged
from custodes.custody.models import Entry
from custodes.custody.rules import Actor
from custodes.kernel.digest import b64u, sha256
from custodes.kernel.errors import Refused
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
    if _two_generations():
        raise RotationRefused(
            "The keys were not changed: the last rotation is not finished.",
            "Retire the old keys first: custodes ledger rotate-key --retire-old.",
        )
    if why := guard.why_refused():
        raise LogBehind(why)
    added = strongroom.add_signers()
    try:
        _enter(LogKeysChanged(added=_named(added), retired=_NONE), by, because, at)
    except Exception:
        strongroom.forget_signers(added)  # nothing was signed that anybody would look up
        raise
    publish(at)
    return added


def retire_old_keys(*, by: Actor, because: str, at: datetime) -> tuple[SignerKey, ...]:
    """Destroy the older generation of the log's private keys; return what is gone.

    Its last signature is on the checkpoint that has the entry about this. Raises
    RotationRefused when no newer keys have taken over, or without a reason.
    """
    _demand(because)
    if not (old := _two_generations()):
        raise RotationRefused(
            "The old keys were kept: there are no newer ones.",
            "Add new keys first: custodes ledger rotate-key.",
        )
    named = _named(old)
    # Killed between the two, it is asked again: entered once is enough.
    if not _entered_last(named):
        _enter(LogKeysChanged(added=_NONE, retired=named), by, because, at)
    publish(at)
    strongroom.drop_signers(old)
    return old


def _two_generations() -> tuple[SignerKey, ...]:
    """Return the older generation of keys while there are two; nothing otherwise."""
    signers = strongroom.signers()
    kinds = [signer.kind for signer in signers]
    second = next((at for at, kind in enumerate(kinds) if kind in kinds[:at]), len(kinds))
    return signers[:second] if second < len(kinds) else ()


def _demand(because: str) -> None:
    if not because.strip():
        raise RotationRefused("The keys were not changed: nobody said why.", "Give a reason.")


@transaction.atomic
def _enter(changed: LogKeysChanged, by: Actor, because: str, at: datetime) -> None:
    record(changed, subject=subject_of_log(), by=by, at=at, because=because.strip())


def _entered_last(retired: str) -> bool:
    last = Entry.objects.filter(kind=LogKeysChanged.kind).order_by("-index").first()
    return last is not None and f'"r":"{retired}"' in bytes(last.data).decode()


def _named(keys: Iterable[SignerKey]) -> str:
    verifiers = (key.verifier for key in keys)
    return " ".join(f"{key.kind.name.lower()}:{b64u(sha256(key.public))}" for key in verifiers)
