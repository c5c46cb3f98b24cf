"""The keys of a witness: made once under a name, files that only their owner may read."""

from __future__ import annotations

import contextlib
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from custodes.kernel.durable import write_over
from custodes.kernel.errors import Refused
from custodes.ledger.keys import Kind, SignerKey, is_name


class NoKeyYet(Refused):
    """This folder has no witness in it."""

    advice = "Make its key first: custodes witness key --name NAME."


class WitnessNamed(Refused):
    """The name cannot be used, or the witness has one already."""

    advice = "A witness keeps its name: others have pinned it. Nothing was changed."


def make_keys(home: Path, name: str) -> None:
    """Make the keys of a witness unless it has them under this name."""
    folder = home / "keys"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    named = folder / "name"
    if not is_name(name) or len(name.encode()) > 255:
        raise WitnessNamed(f"{name!r} cannot be the name of a key: no spaces, no plus.")
    if named.exists():
        if named.read_text().strip() != name:
            raise WitnessNamed(f"This witness is called {named.read_text().strip()}.")
        return
    write_over(folder / "ed25519.key", Ed25519PrivateKey.generate().private_bytes_raw())
    with contextlib.suppress(UnsupportedAlgorithm):  # an older OpenSSL: one key then
        write_over(folder / "ml-dsa-44.key", MLDSA44PrivateKey.generate().private_bytes_raw())
    write_over(named, name.encode() + b"\n")


def signers(home: Path) -> tuple[SignerKey, ...]:
    """Return the keys the witness cosigns with; raises NoKeyYet."""
    folder = home / "keys"
    if not (folder / "name").exists():
        raise NoKeyYet(f"There is no witness in {home}.")
    name = (folder / "name").read_text().strip()
    ed25519 = Ed25519PrivateKey.from_private_bytes((folder / "ed25519.key").read_bytes())
    found = [SignerKey(name, ed25519, Kind.COSIGNATURE)]
    if (folder / "ml-dsa-44.key").exists():
        seed = (folder / "ml-dsa-44.key").read_bytes()
        found.append(SignerKey(name, MLDSA44PrivateKey.from_seed_bytes(seed)))
    return tuple(found)
