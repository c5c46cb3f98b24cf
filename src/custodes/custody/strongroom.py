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
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from django.conf import settings

from custodes.custody.log import names_before, of_kind
from custodes.kernel.durable import fsync_folder, make_folder, write_new
from custodes.ledger.entry import parse_entry
from custodes.ledger.keys import Kind, VerifierKey
from custodes.ledger.note import SignerKey
from custodes.vault.keys import KeyRing
from custodes.vault.store import DiskStore
from custodes.vault.vault import Vault

_ED25519: Final = "-ed25519.key"
_ML_DSA: Final = "-ml-dsa-44.key"
_KINDS: Final = (_ED25519, _ML_DSA)
_MAKE: Final[Mapping[str, Callable[[], Ed25519PrivateKey | MLDSA44PrivateKey]]] = MappingProxyType(
    {_ED25519: Ed25519PrivateKey.generate, _ML_DSA: MLDSA44PrivateKey.generate}
)
# A key that was made and does not sign yet.
_WAITS: Final = ".waits"
_GENERATION: Final = re.compile(r"(?:-g(\d+))?-(?:ed25519|ml-dsa-44)\.key")


def vault() -> Vault:
    """Return the vault in which this installation seals footage."""
    return _vault(settings.CUSTODES.home, settings.CUSTODES.minimum_free_bytes)


def store_folder() -> Path:
    """Return the folder of its store, for a process that removes what was disposed of."""
    return _store_of(settings.CUSTODES.home)


def ring() -> KeyRing:
    """Return the key-encryption keys of this installation."""
    return _ring(settings.CUSTODES.home)


def signers() -> tuple[SignerKey, ...]:
    """Return the keys that sign checkpoints: Ed25519, and ML-DSA-44 where it is to be had.

    Two generations of them between the two steps of a rotation (:mod:`rotating`), the
    older one first.
    """
    return tuple(key for generation in generations() for key in generation)


def receipt_signers() -> tuple[SignerKey, ...]:
    """Return the keys that sign receipts, which are short: those of Ed25519, the older first."""
    return tuple(key for key in signers() if key.kind is Kind.ED25519)


def origin() -> str:
    """Return the name of the log: what its last genesis entry says, not what is set today.

    The domain in the settings may change, and a log that lost its end goes on under a
    successor's name.
    """
    newest = of_kind("log.genesis").first()
    if newest is None:
        return str(settings.CUSTODES.origin)
    return str(parse_entry(bytes(newest.data)).facts["o"])


def who_acted_key() -> bytes:
    """Return the secret that turns a person's handle into the mark their entries carry."""
    return _who_acted_key(settings.CUSTODES.home)


@lru_cache(maxsize=8)
def _vault(home: Path, minimum_free: int) -> Vault:
    return Vault(DiskStore(_store_of(home), minimum_free=minimum_free), _ring(home))


def _store_of(home: Path) -> Path:
    return home / "vault"


@lru_cache(maxsize=8)
def _ring(home: Path) -> KeyRing:
    return KeyRing.open_or_create(home / "keys" / "epochs")


def generations() -> list[tuple[SignerKey, ...]]:
    """Return the keys that sign checkpoints by generation, the older one first."""
    name = origin()
    stem = _stem(name)
    files = _key_files(stem)
    # Killed between the two files of a generation, it is made whole here.
    newest = _generation(files[-1], stem) if files else 1
    if len([path for path in files if _generation(path, stem) == newest]) < len(_KINDS):
        _make_keys(stem, newest)
        files = _key_files(stem)
    found: dict[int, list[SignerKey]] = {}
    for path in files:
        with contextlib.suppress(UnsupportedAlgorithm):  # an older OpenSSL: one key then
            found.setdefault(_generation(path, stem), []).append(_read_signer(path, name))
    return [tuple(keys) for keys in found.values()]


def prepare_signers() -> tuple[SignerKey, ...]:
    """Make the next generation of the log's keys, or return the one that waits; it signs nothing.

    It signs once ``take_up_signers`` was called.
    """
    name = origin()
    stem = _stem(name)
    generation = 1 + max(_generation(path, stem) for path in _key_files(stem))
    _make_keys(stem, generation, _WAITS)
    found = []
    for kind in _KINDS:
        path = _path(stem, generation, kind)
        with contextlib.suppress(UnsupportedAlgorithm, FileNotFoundError):
            found.append(_read_signer(path.with_name(path.name + _WAITS), name))
    return tuple(found)


def take_up_signers() -> None:
    """Let the generation of keys that waits sign beside the one before."""
    folder = _folder()
    for path in sorted(folder.glob(f"{_stem(origin())}*{_WAITS}")):
        path.replace(path.with_name(path.name.removesuffix(_WAITS)))
    fsync_folder(folder)


def drop_signers(keys: Iterable[SignerKey]) -> None:
    """Destroy private keys of the log that others have taken over from.

    What they signed stays checkable: their public keys stand in ``verifiers``.
    """
    dropped = [str(key.verifier) for key in keys]
    with _retired(_stem(origin())).open("a", encoding="utf-8") as file:
        file.write("\n".join([*dropped, ""]))
        file.flush()
        os.fsync(file.fileno())
    for path in _key_files(_stem(origin())):
        if str(_read_signer(path, origin()).verifier) in dropped:
            path.unlink()
    fsync_folder(_folder())


def verifiers() -> tuple[VerifierKey, ...]:
    """Return the public keys of the log: those that sign, then those that no longer do."""
    signers()  # makes those that are missing
    return _verifiers_of(origin())


def verifiers_before() -> tuple[VerifierKey, ...]:
    """Return the public keys of the logs that this one goes on from, the newest log first.

    None of them signs any more. What they signed stays checkable.
    """
    return tuple(key for name in names_before(origin()) for key in _verifiers_of(name))


def _verifiers_of(name: str) -> tuple[VerifierKey, ...]:
    stem = _stem(name)
    retired, found = _retired(stem), list[VerifierKey]()
    for path in _key_files(stem):
        with contextlib.suppress(UnsupportedAlgorithm):  # an older OpenSSL: one key then
            found.append(_read_signer(path, name).verifier)
    lines = retired.read_text(encoding="utf-8").split() if retired.exists() else []
    return tuple(dict.fromkeys([*found, *map(VerifierKey.parse, lines)]))


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


def _path(stem: str, generation: int, kind: str) -> Path:
    start = stem if generation == 1 else f"{stem}-g{generation}"
    return _folder() / f"{start}{kind}"


def _make_keys(stem: str, generation: int, suffix: str = "") -> None:
    """Make the keys of a generation that are not there yet; the first of two writers wins."""
    make_folder(_folder())
    for kind, make in _MAKE.items():
        path = _path(stem, generation, kind)
        with contextlib.suppress(UnsupportedAlgorithm):  # an older OpenSSL: one key then
            if not (path := path.with_name(path.name + suffix)).exists():
                write_new(path, make().private_bytes_raw())


def _read_signer(path: Path, name: str) -> SignerKey:
    # Another key may stand under a name that was known: it is another file then.
    found = path.stat()
    return _signer(path, name, (found.st_ino, found.st_mtime_ns))


@lru_cache(maxsize=32)
def _signer(path: Path, name: str, _file: tuple[int, int]) -> SignerKey:
    if _ED25519 in path.name:
        return SignerKey(name, Ed25519PrivateKey.from_private_bytes(path.read_bytes()))
    return SignerKey(name, MLDSA44PrivateKey.from_seed_bytes(path.read_bytes()))


@lru_cache(maxsize=8)
def _who_acted_key(home: Path) -> bytes:
    path = home / "keys" / "who-acted.key"
    make_folder(path.parent)
    if not path.exists():
        write_new(path, os.urandom(32))
    return path.read_bytes()
