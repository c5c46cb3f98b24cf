"""One picture out of a film, with when it was filmed."""

from __future__ import annotations

import io
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image
from tests.media.packets.films import film

from custodes.media.clip.original import CannotCut
from custodes.media.clip.still import task
from custodes.media.sandbox.ports import BytesReader, MemorySink

STARTED = "2026-11-03T09:15:00.000Z"


class Outside(MemorySink):
    """Take what is written."""

    def progress(self, fraction: float) -> None:
        raise AssertionError("a still is no long work")


def taken(original: bytes, at: float, ahead: int | None = 1500) -> tuple[dict[str, Any], Any]:
    outside = Outside()
    params = {"at": at, "started_at": STARTED, "ahead": ahead}
    said = task(BytesReader(original), params, outside)
    return said, Image.open(io.BytesIO(outside.blobs["still.png"]))


@pytest.mark.parametrize("container", ["mp4", "mkv"])
def test_a_still_is_the_picture_on_the_screen_to_the_last_bit(container: str) -> None:
    original = film(container, frames=60)

    said, picture = taken(original, 1.3)

    with av.open(io.BytesIO(original)) as source:
        [shown] = [f for f in source.decode(video=0) if abs((f.time or 0) - 1.28) < 0.005]
    assert said["at"] == pytest.approx(1.28, abs=0.005)
    apart = np.asarray(picture).astype(int) - shown.to_ndarray(format="rgb24").astype(int)
    assert np.abs(apart).max() <= 2  # from YUV to RGB by another filter


def test_a_still_says_by_both_clocks_when_it_was_filmed() -> None:
    _, picture = taken(film(frames=60), 1.28)

    assert picture.text == {
        "Filmed (camera's clock)": "2026-11-03T09:15:01.280Z",
        "Filmed (UTC)": "2026-11-03T09:15:02.780Z",
    }


def test_without_a_measured_difference_only_the_camera_s_clock_is_told() -> None:
    _, picture = taken(film(frames=60), 1.28, ahead=None)

    assert set(picture.text) == {"Filmed (camera's clock)"}


def test_a_moment_after_the_end_has_no_picture() -> None:
    with pytest.raises(CannotCut, match="shows nothing at this moment"):
        taken(film(frames=60), 60)
