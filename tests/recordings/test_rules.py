"""What plays by its packets alone, and what waits until somebody has looked."""

from __future__ import annotations

from typing import Any

import pytest

from custodes.kernel.digest import b64u
from custodes.recordings.rules import plays_by_its_packets

HIGH, HIGH_10, HIGH_444 = (b64u(bytes([0x67, profile, 0, 30])) for profile in (100, 110, 244))
PICTURE = {"container": "mp4", "handler": "vide", "codec": "h264", "params": [HIGH, b64u(b"h\xef")]}
SOUND = {"container": "mp4", "handler": "soun", "codec": "aac", "params": []}
TEXT = {"container": "mp4", "handler": "text", "codec": "tx3g"}


@pytest.mark.parametrize("tracks", [[PICTURE], [PICTURE, SOUND], [PICTURE, SOUND, TEXT]])
def test_plain_h264_with_aac_in_mp4_plays_the_moment_it_is_sealed(
    tracks: list[dict[str, Any]],
) -> None:
    assert plays_by_its_packets(tracks)


@pytest.mark.parametrize(
    "tracks",
    [
        [],
        [SOUND],
        [PICTURE | {"codec": "hevc"}],
        [PICTURE | {"container": "matroska"}],
        [PICTURE | {"params": [HIGH_10]}],
        [PICTURE | {"params": [HIGH, HIGH_444]}],
        [PICTURE | {"params": []}],
        [PICTURE, SOUND | {"codec": "ac3"}],
    ],
)
def test_anything_else_waits_to_be_looked_at(tracks: list[dict[str, Any]]) -> None:
    assert not plays_by_its_packets(tracks)
