"""The RSA key that cameras encrypt their clips for, and opening what they encrypted.

The camera gets the public half in the connection file and wraps the key of each
clip with it. The private half lies in the home folder, readable by its owner
only; whoever has it can view encrypted footage, and whoever loses it cannot. It is
used to make viewing copies; the original stays encrypted as it was received.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings

from custodes.kernel.digest import sha256
from custodes.kernel.durable import make_folder, write_new
from custodes.media.axis_encryption import CannotDecrypt, ContentKey, key_id, open_content_key
from custodes.vault.errors import KeysExposed

# The connection file takes at most 2,048 characters of public key; this makes 1,068.
_BITS = 3072


@dataclass(frozen=True, slots=True)
class CameraKey:
    """The public half, as the connection file carries it: PEM in base64, and its name."""

    id: str
    public: str


def camera_key() -> CameraKey:
    """Return the key cameras encrypt for, made when it is first asked for."""
    public = _private_key().public_key()
    der = public.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    pem = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return CameraKey(id=f"custodes-{sha256(der).hex()[:16]}", public=base64.b64encode(pem).decode())


def content_key_unwrap(key_object: bytes) -> ContentKey:
    """Return the content key in a ``.key`` object; raises CannotDecrypt.

    RSA-OAEP with SHA-1 (body-worn integration API 1.6, "Decrypt").
    """
    path = _path()
    if not path.exists():
        raise CannotDecrypt("No camera was given a key by this installation.")
    said, ours = key_id(key_object), camera_key().id
    if said and said != ours:
        raise CannotDecrypt(f"The clip was encrypted for the key {said[:128]}; ours is {ours}.")
    return open_content_key(key_object, _private_key())


def _private_key() -> rsa.RSAPrivateKey:
    path = _path()
    if not path.exists():
        make_folder(path.parent)
        write_new(path, _new_pem())  # of two that make it at once, the first one's stays
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        raise KeysExposed(f"Key file {path} has mode {mode:03o}; others can use it.")
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise CannotDecrypt(f"{path} does not hold an RSA key.")
    return key


def _new_pem() -> bytes:
    return rsa.generate_private_key(public_exponent=65537, key_size=_BITS).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _path() -> Path:
    return Path(settings.CUSTODES.home) / "keys" / "camera-rsa.pem"
