"""The installation's own vault, keys and signing key, opened from its settings.

Everything that seals, opens or signs gets it here, so that there is one place
that knows where the keys lie. The log's keys sign
receipts and checkpoints; a file with mode 0600 is the weakest place to keep them, and
``custodes doctor`` says so.
"""

from __future__ import annotations

import contextlib
import os
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from django.conf import settings

from custodes.custody.models import Entry
from custodes.ledger.entry import parse_entry
from custodes.ledger.note import SignerKey
from custodes.vault.keys import KeyRing
from custodes.vault.store import DiskStore
from custodes.vault.vault import Vault


def vault() -> Vault:
    """Return the vault in which this installation seals footage."""
    return _vault(settings.CUSTODES.home, settings.CUSTODES.minimum_free_bytes)


def ring() -> KeyRing:
    """Return the key-encryption keys of this installation."""
    return _ring(settings.CUSTODES.home)


def signer() -> SignerKey:
    """Return the key that signs receipts in the name of this installation's log."""
    return _signers(settings.CUSTODES.home, origin())[0]


def signers() -> tuple[SignerKey, ...]:
    """Return the keys that sign checkpoints: Ed25519, and ML-DSA-44 where it is to be had."""
    return _signers(settings.CUSTODES.home, origin())


def origin() -> str:
    """Return the name of the log: what its last genesis entry says, not what is set today.

    The domain in the settings may change, and a log that lost its end goes on under a
    successor's name.
    """
    newest = Entry.objects.filter(kind="log.genesis").order_by("-index").first()
    if newest is None:
        return str(settings.CUSTODES.origin)
    return str(parse_entry(bytes(newest.data)).facts["o"])


def who_acted_key() -> bytes:
    """Return the secret that turns a person's handle into the mark their entries carry."""
    return _who_acted_key(settings.CUSTODES.home)


@lru_cache(maxsize=8)
def _vault(home: Path, minimum_free: int) -> Vault:
    return Vault(DiskStore(home / "vault", minimum_free=minimum_free), _ring(home))


@lru_cache(maxsize=8)
def _ring(home: Path) -> KeyRing:
    return KeyRing.open_or_create(home / "keys" / "epochs")


@lru_cache(maxsize=8)
def _signers(home: Path, origin: str) -> tuple[SignerKey, ...]:
    folder = home / "keys"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # A successor has its own keys: one key under two names would be one vote in two policies.
    number = origin.rpartition("/custody")[2].replace("/", "-")
    ed25519 = folder / f"log{number}-ed25519.key"
    if not ed25519.exists():
        _write_new(ed25519, Ed25519PrivateKey.generate().private_bytes_raw())
    found = [SignerKey(origin, Ed25519PrivateKey.from_private_bytes(ed25519.read_bytes()))]
    ml_dsa = folder / f"log{number}-ml-dsa-44.key"
    with contextlib.suppress(UnsupportedAlgorithm):  # an older OpenSSL: one key then
        if not ml_dsa.exists():
            _write_new(ml_dsa, MLDSA44PrivateKey.generate().private_bytes_raw())
        seed = ml_dsa.read_bytes()
        found.append(SignerKey(origin, MLDSA44PrivateKey.from_seed_bytes(seed)))
    return tuple(found)


@lru_cache(maxsize=8)
def _who_acted_key(home: Path) -> bytes:
    path = home / "keys" / "who-acted.key"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        _write_new(path, os.urandom(32))
    return path.read_bytes()


def _write_new(path: Path, data: bytes) -> None:
    """Write a key whole or not at all; the first of two writers wins."""
    temporary = path.with_suffix(f".{os.getpid()}.new")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
