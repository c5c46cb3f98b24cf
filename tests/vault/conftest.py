"""A small vault in a folder of its own, and footage made of nothing but bytes."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from custodes.vault.keys import DataKey, KeyRing
from custodes.vault.store import DiskStore
from custodes.vault.vault import Vault


@pytest.fixture
def store(tmp_path: Path) -> DiskStore:
    return DiskStore(tmp_path / "vault")


@pytest.fixture
def vault(store: DiskStore, tmp_path: Path) -> Vault:
    return Vault(store, KeyRing.open_or_create(tmp_path / "keys"))


@pytest.fixture
def key() -> DataKey:
    return DataKey(bytes(range(32)))


@pytest.fixture(scope="session")
def plain() -> bytes:
    """Return 400,000 bytes: six whole segments and a piece."""
    return random.Random(7).randbytes(400_000)
