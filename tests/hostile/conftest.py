"""One installation for every attack in this folder: starting it takes longer than most of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.hostile.doors import Axis, Tus
from tests.hostile.place import Place

from custodes.media.generate import footage


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    place = Place(tmp_path_factory.mktemp("hostile") / "home", range_bytes=65536)
    yield place
    place.close()


@pytest.fixture(scope="session")
def axis(place: Place) -> Axis:
    return Axis(place).introduce()


@pytest.fixture(scope="session")
def tus(place: Place) -> Tus:
    return Tus(place)


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path: Path = tmp_path_factory.mktemp("film") / "film.mp4"
    return footage(path, seconds=2, size=(320, 180)).read_bytes()
