"""Private bodies: sealed for the database, opened for those who may read them.

A body is the entry's seed and its private fields, sealed with AES-256-GCM under
a key of its month. The entry's index is bound in, so a body cannot be moved to
another entry.
"""

from __future__ import annotations

import json
import os
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection

from custodes.custody import strongroom
from custodes.custody.models import BodyKey
from custodes.kernel.digest import b64u, unb64u
from custodes.kernel.errors import Damaged
from custodes.vault.keys import WrappedKey

_PURPOSE = "custody bodies"
# Made once: json.dumps makes one a call when it is told how to write.
_written = json.JSONEncoder(ensure_ascii=False).encode
# Asked without the model, which costs ten times what the database does: every act asks it.
_KEY_OF = "SELECT id, month, kid, epoch, wrapped FROM custody_bodykey WHERE month = %s"


class Sealer:
    """Seals the bodies of one month; the key is unwrapped once.

    Made anew for every transaction: what is kept of a key outlives its destruction.
    """

    def __init__(self, key: BodyKey) -> None:
        self.key: int = key.pk
        self._cipher = _cipher(key)

    def seal(self, fields: dict[str, str], seed: bytes, index: int) -> bytes:
        """Return the sealed body of the entry at this index."""
        plain = _written({"seed": b64u(seed), "fields": fields}).encode()
        nonce = os.urandom(12)
        return nonce + self._cipher.encrypt(nonce, plain, str(index).encode())


def open_body(sealed: bytes, index: int, key: BodyKey) -> tuple[bytes, dict[str, str]]:
    """Return the seed and the fields of a sealed body; raises Damaged if it was changed."""
    try:
        plain = _cipher(key).decrypt(sealed[:12], sealed[12:], str(index).encode())
    except (InvalidTag, ValueError):  # ValueError: too short to hold a nonce
        raise Damaged(f"The private body of custody entry {index} was changed.") from None
    value = json.loads(plain)
    return unb64u(value["seed"]), value["fields"]


def month_of(at: datetime) -> str:
    """Return the month by which the body key of a time is found."""
    return f"{at.year:04d}-{at.month:02d}"


def key_for(at: datetime) -> BodyKey:
    """Return the body key of a month, made when the month's first entry is written."""
    month = month_of(at)
    with connection.cursor() as cursor:
        cursor.execute(_KEY_OF, [month])
        found = cursor.fetchone()
    if found is not None:
        return BodyKey(*found)
    _, wrapped = strongroom.ring().new_key()
    return BodyKey.objects.create(
        month=month, kid=wrapped.kid, epoch=wrapped.epoch, wrapped=wrapped.wrapped
    )


def _cipher(key: BodyKey) -> AESGCM:
    wrapped = WrappedKey(kid=key.kid, epoch=key.epoch, wrapped=bytes(key.wrapped))
    return AESGCM(strongroom.ring().unwrap(wrapped).derive(_PURPOSE).secret)
