"""The installation's own vault, keys and signing key, opened from its settings.

Everything that seals, opens or signs gets it here, so that there is one place
that knows where the keys lie. The log's key signs receipts now and checkpoints
when the tree stands; a file with mode 0600 is the weakest place to keep it, and
``custodes doctor`` says so.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

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
    """Return the key that signs in the name of this installation's log."""
    return _signer(settings.CUSTODES.home, settings.CUSTODES.origin)


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
def _signer(home: Path, origin: str) -> SignerKey:
    path = home / "keys" / "log-ed25519.key"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        _write_new(path, Ed25519PrivateKey.generate().private_bytes_raw())
    return SignerKey(origin, Ed25519PrivateKey.from_private_bytes(path.read_bytes()))


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
