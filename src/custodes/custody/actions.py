"""Write history: the one action that every other action calls.

An entry is written in the caller's transaction. If it cannot be written the
caller's act is undone with it; there is no way to do one without the other.
"""

from __future__ import annotations

import os
from datetime import datetime
from types import SimpleNamespace

from django.db import connection

from custodes.custody import bodies
from custodes.custody.errors import NotInATransaction
from custodes.custody.events import KINDS, Event
from custodes.custody.models import Chain, Entry, Head
from custodes.custody.rules import Actor
from custodes.kernel.clock import to_millisecond
from custodes.ledger.entry import PublicEntry, commit_body
from custodes.ledger.tree import leaf_hash

# One writer at a time: PostgreSQL needs to be told, SQLite's IMMEDIATE
# transactions see to it by themselves. The number is ours to choose.
_APPEND_LOCK = 0x43555354
_HEAD = 1


def record(event: Event, *, subject: str, by: Actor, at: datetime, because: str = "") -> Entry:
    """Append an event to the log, as part of the transaction that does the act.

    ``subject`` is the handle of what it happened to; ``because`` is the reason
    in a person's words. Raises NotInATransaction outside ``atomic``.
    """
    if not connection.in_atomic_block:
        raise NotInATransaction(event.kind)
    if KINDS.get(event.kind) is not type(event):
        raise ValueError(f"{event.kind!r} is not in the closed list of events")

    head = _lock_head()
    at = max(to_millisecond(at), head.at) if head.at else to_millisecond(at)
    chain = Chain.objects.filter(subject=subject).first() or Chain(subject=subject)
    fields = _body_fields(event, by, because)
    seed = os.urandom(32)
    public = PublicEntry(
        subject=subject,
        kind=event.kind,
        number=chain.next_number,
        previous=bytes(chain.leaf) if chain.leaf else None,
        at=at,
        body=commit_body(seed, fields),
        facts=event.facts(),
    )
    return _append(public, head, chain, SimpleNamespace(seed=seed, fields=fields))


def _append(public: PublicEntry, head: Head, chain: Chain, private: SimpleNamespace) -> Entry:
    data = public.to_bytes()
    leaf = leaf_hash(data)
    key = bodies.key_for(public.at)
    entry = Entry.objects.create(
        index=head.size,
        subject=public.subject,
        number=public.number,
        kind=public.kind,
        at=public.at,
        data=data,
        leaf=leaf,
        body=bodies.seal(private.fields, private.seed, head.size, key),
        body_key=key,
    )
    chain.next_number, chain.leaf = public.number + 1, leaf
    chain.save()
    head.size, head.at = head.size + 1, public.at
    head.save()
    return entry


def _lock_head() -> Head:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_APPEND_LOCK])
    head, _ = Head.objects.get_or_create(pk=_HEAD)
    return head


def _body_fields(event: Event, by: Actor, because: str) -> dict[str, str]:
    return {
        "actor": by.name,
        "actor_handle": by.handle,
        "because": because,
        "door": by.door,
        **event.private(),
    }
