"""A camera that encrypts end to end, as the vendor's integration API v1.6 describes it."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from custodes.agent.axis_controller import Part


def encrypted(part: Part, connection: Mapping[str, Any]) -> tuple[Part, Part]:
    """Return an object as such a camera sends it, and the ``.key`` object that opens it.

    ``connection`` is the connection file our server printed: its public key is all that
    the camera knows of us.
    """
    assert connection["WantEncryption"] is True
    public = load_pem_public_key(base64.b64decode(connection["PublicKey"]))
    assert isinstance(public, RSAPublicKey)
    key, iv = os.urandom(32), os.urandom(16)
    # The vendor's own example wraps with SHA-1; in OAEP that is not a weakness.
    wrapped = public.encrypt(key, padding.OAEP(padding.MGF1(SHA1()), SHA1(), None))
    about = {
        "EncryptedKey": base64.b64encode(wrapped).decode(),
        "ContentEncryptionIV": base64.b64encode(iv).decode(),
        "PublicKeyId": connection["PublicKeyId"],
    }
    told = {"StartTime": part.told["StartTime"], "FileType": "key"}
    return (
        Part(part.name, _enciphered(b"".join(part.blocks()), key, iv), part.told),
        Part(f"{part.name}.key", json.dumps(about).encode(), told),
    )


def _enciphered(plain: bytes, key: bytes, iv: bytes) -> bytes:
    padder, cipher = PKCS7(128).padder(), Cipher(algorithms.AES256(key), modes.CBC(iv)).encryptor()
    return cipher.update(padder.update(plain) + padder.finalize()) + cipher.finalize()
