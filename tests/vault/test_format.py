"""The page about sealed objects is enough to read one: here is a second program that does."""

from __future__ import annotations

import hashlib
import hmac
import re
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap

from custodes.kernel.ids import new_handle
from custodes.vault.keys import DataKey
from custodes.vault.reading import SealedReader
from custodes.vault.vault import Vault

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "formats" / "sealed-object.md"
HANDLE = "AAECAwQFBgcICQoLDA0ODw"


def second_program(sealed: bytes, key: bytes, handle: str, kind: str) -> bytes:
    """Read a sealed object with nothing but the page, HMAC and GCM."""
    aad = f"custodes-floe/v1\n{handle}\n{kind}".encode()
    iv = sealed[10:42]
    assert sealed[:10].hex() == "00000001000000000020"

    def expand(prk: bytes, purpose: bytes, length: int) -> bytes:
        info = sealed[:10] + iv + purpose + aad
        return hmac.digest(prk, info + b"\x01", hashlib.sha384)[:length]

    assert sealed[42:74] == expand(key, b"HEADER_TAG:", 32)
    message_key = expand(key, b"MESSAGE_KEY:", 48)
    plain = b""
    last = (len(sealed) - 75) // 65_536
    for i in range(last + 1):
        segment = sealed[74 + 65_536 * i :][:65_536]
        length = len(segment) if i == last else 0xFFFFFFFF
        assert segment[:4] == length.to_bytes(4)
        segment_key = expand(message_key, b"DEK:" + (i >> 20 << 20).to_bytes(8), 32)
        place = i.to_bytes(8) + (b"\1" if i == last else b"\0")
        plain += AESGCM(segment_key).decrypt(segment[4:16], segment[16:], place)
    return plain


def example() -> bytes:
    block = PAGE.read_text().split("## Example")[1].split("```")[1]
    return bytes.fromhex(re.sub(r"\s", "", block))


def test_the_example_on_the_page_opens_here_and_in_the_second_program(
    vault: Vault, tmp_path: Path
) -> None:
    key = bytes(range(32))
    path = tmp_path / "vault" / "sealed" / "AA" / f"{HANDLE}.floe"
    path.parent.mkdir()
    path.write_bytes(example())
    assert len(example()) == 114
    assert second_program(example(), key, HANDLE, "original") == b"Custodes"
    reader = vault.open(HANDLE, "original", DataKey(key))
    assert isinstance(reader, SealedReader)
    assert reader.read() == b"Custodes"


def test_the_second_program_reads_what_the_vault_seals_from_its_key_files(
    vault: Vault, plain: bytes, tmp_path: Path
) -> None:
    handle = new_handle()
    key, wrapped = vault.ring.new_key()
    writer = vault.begin(handle, "viewing", key, patchable_head=True)
    writer.write(plain)
    writer.finish()
    sealed = (tmp_path / "vault" / "sealed" / handle[:2] / f"{handle}.floe").read_bytes()
    epoch_key = (tmp_path / "keys" / f"epoch-{wrapped.epoch:06d}.key").read_bytes()
    secret = aes_key_unwrap(epoch_key, wrapped.wrapped)
    assert second_program(sealed, secret, handle, "viewing") == plain
