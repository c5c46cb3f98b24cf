"""Whom the one who checks believes: a policy, and roots of timestamping authorities.

Both come from files that whoever checks has got from somebody they trust: named on the
command line, or kept in the folder of their settings. Never from a package.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509

from custodes.kernel.errors import Refused
from custodes.ledger.policy import Policy, PolicyInvalid


class CannotTrust(Refused):
    """A policy or a list of roots cannot be used."""

    advice = "Nothing was checked. Get the file again from somebody you trust."


@dataclass(frozen=True, slots=True)
class Trust:
    """A policy, if there is one, and the roots of timestamping authorities (PEM)."""

    policy: Policy | None = None
    roots: bytes = b""


def load_trust(policy: Path | None = None, roots: Path | None = None) -> Trust:
    """Return whom to believe; what is not named is looked for among the user's settings.

    Raises CannotTrust for files that cannot be read, and for policies with weak keys.
    """
    policy = policy or _kept("policy")
    roots = roots or _kept("timestamp-roots.pem")
    try:
        parsed = Policy.parse(policy.read_bytes()) if policy else None
        return Trust(parsed, _certificates(roots) if roots else b"")
    except OSError as error:
        raise CannotTrust(f"{error.filename} cannot be read: {error.strerror}.") from None
    except PolicyInvalid as error:
        raise CannotTrust(f"{policy} is not a policy to rely on: {error}.") from None


def _certificates(path: Path) -> bytes:
    data = path.read_bytes()
    try:
        x509.load_pem_x509_certificates(data)
    except ValueError:
        raise CannotTrust(f"{path} holds no certificates (PEM), or one that is none.") from None
    return data


def settings_folder() -> Path:
    """Return the folder in which a user keeps whom they trust."""
    base = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(base) / "custodes"


def _kept(name: str) -> Path | None:
    path = settings_folder() / name
    return path if path.is_file() else None
