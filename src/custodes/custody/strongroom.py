"""The installation's own vault, keys and signing key, opened from its settings.

Everything that seals, opens or signs gets it here, so that there is one place
that knows where the keys lie. The log's keys sign
receipts and checkpoints; a file with mode 0600 is the weakest place to keep them, and
``custodes doctor`` says so.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from django.conf import settings

from custodes.custody.models import Entry
from custodes.ledger.entry import parse_entry
from custodes.ledger.keys import VerifierKey
from custodes.ledger.note import SignerKey
from custodes.vault.durable import fsync_folder
from custodes.vault.keys import KeyRing
from custodes.vault.store import DiskStore
from custodes.vault.vault import Vault

_ED25519: Final = "-ed25519.key"
_ML_DSA: Final = "-ml-dsa-44.key"
_KINDS: Final = (_ED25519, _ML_DSA)
_GENERATION: Final = re.compile(r"(?:-g(\d+))?-(?:ed25519|ml-dsa-44)\.key")


def vault() -> Vault:
    """Return the vault in which this installation seals footage."""
    return _vault(settings.CUSTODES.home, settings.CUSTODES.minimum_free_bytes)


def ring() -> KeyRing:
    """Return the key-encryption keys of this installation."""
    return _ring(settings.CUSTODES.home)


def signer() -> SignerKey:
    """Return the key that signs receipts in the name of this installation's log."""
    return signers()[0]


def signers() -> tuple[SignerKey, ...]:
    """Return the keys that sign checkpoints: Ed25519, and ML-DSA-44 where it is to be had.

    Two generations of them between the two steps of a rotation (:mod:`rotating`), the
    older one first.
    """
    name = origin()
    stem = _stem(name)
    if not (files := _key_files(stem)):
        _make_keys(stem, 1)
        files = _key_files(stem)
    found = []
    for path in files:
        with contextlib.suppress(UnsupportedAlgorithm):
            found.append(_signer(path, name))
    return tuple(found)


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


def add_signers() -> tuple[SignerKey, ...]:
    """Make a next generation of the log's keys, which signs beside the ones before; return it."""
    before = signers()
    stem = _stem(origin())
    generation = 1 + max(_generation(path, stem) for path in _key_files(stem))
    _make_keys(stem, generation)
    return tuple(key for key in signers() if key not in before)


def drop_signers(keys: Iterable[SignerKey]) -> None:
    """Destroy private keys of the log that others have taken over from.

    What they signed stays checkable: their public keys stand in ``verifiers``.
    """
    keys = tuple(keys)
    lines = [*(str(key.verifier) for key in keys), ""]
    with _retired(_stem(origin())).open("a", encoding="utf-8") as file:
        file.write("\n".join(lines))
        file.flush()
        os.fsync(file.fileno())
    forget_signers(keys)


def forget_signers(keys: Iterable[SignerKey]) -> None:
    """Destroy private keys of the log, as if they had never been."""
    dropped = {str(key.verifier) for key in keys}
    for path in _key_files(_stem(origin())):
        if str(_signer(path, origin()).verifier) in dropped:
            path.unlink()
    fsync_folder(_folder())


def verifiers() -> tuple[VerifierKey, ...]:
    """Return the public keys of the log: those that sign, then those that no longer do."""
    retired = _retired(_stem(origin()))
    lines = retired.read_text(encoding="utf-8").split() if retired.exists() else []
    signing = [key.verifier for key in signers()]
    gone = [VerifierKey.parse(line) for line in dict.fromkeys(lines)]
    return (*signing, *(key for key in gone if key not in signing))


def _stem(name: str) -> str:
    # A successor has its own keys: one key under two names would be one vote in two policies.
    return "log" + name.rpartition("/custody")[2].replace("/", "-")


def _folder() -> Path:
    folder: Path = settings.CUSTODES.home / "keys"
    return folder


def _retired(stem: str) -> Path:
    return _folder() / f"{stem}-retired.vkeys"


def _key_files(stem: str) -> list[Path]:
    """Return the files of the log's private keys, the oldest generation first."""
    found = [path for kind in _KINDS for path in _folder().glob(f"{stem}*{kind}")]
    ours = [path for path in found if re.fullmatch(_GENERATION, path.name.removeprefix(stem))]
    return sorted(ours, key=lambda path: (_generation(path, stem), _KINDS.index(_kind(path))))


def _kind(path: Path) -> str:
    return next(kind for kind in _KINDS if path.name.endswith(kind))


def _generation(path: Path, stem: str) -> int:
    found = re.fullmatch(_GENERATION, path.name.removeprefix(stem))
    return int(found[1]) if found and found[1] else 1


def _make_keys(stem: str, generation: int) -> None:
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    start = stem if generation == 1 else f"{stem}-g{generation}"
    _write_new(folder / f"{start}{_ED25519}", Ed25519PrivateKey.generate().private_bytes_raw())
    with contextlib.suppress(UnsupportedAlgorithm):  # an older OpenSSL: one key then
        _write_new(folder / f"{start}{_ML_DSA}", MLDSA44PrivateKey.generate().private_bytes_raw())


@lru_cache(maxsize=32)
def _signer(path: Path, name: str) -> SignerKey:
    if path.name.endswith(_ED25519):
        return SignerKey(name, Ed25519PrivateKey.from_private_bytes(path.read_bytes()))
    return SignerKey(name, MLDSA44PrivateKey.from_seed_bytes(path.read_bytes()))


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
