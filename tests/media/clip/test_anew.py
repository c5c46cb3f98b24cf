"""Clips made wholly anew: in the playable profile whatever the original is, picture by picture."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pytest
from tests.media.clip.test_cutting import Clip, Outside, cut, pictures, sound
from tests.media.packets.films import film
from tests.world.browser import open_browser

from custodes.media import profile
from custodes.media.clip import anew
from custodes.media.clip.original import CannotCut
from custodes.media.playable import why_not_playable
from custodes.media.sandbox import Limits, run
from custodes.media.sandbox.ports import BytesReader, MemorySink

#: Every kind of film the tests make: what a camera, an old camera or a shop's recorder writes.
SOURCES: dict[str, dict[str, Any]] = {
    "H.264 High in MP4": {},
    "H.264 Baseline in MP4": {"encoder": {"profile": "baseline"}},
    "H.264 4:2:2": {"encoder": {"profile": "high422"}},
    "HEVC in MP4": {"video": "libx265"},
    "H.264 in Matroska": {"container": "mkv"},
    "HEVC in Matroska": {"container": "mkv", "video": "libx265"},
    "MPEG-4 part 2": {"video": "mpeg4", "encoder": {"bf": "0"}},
    "MP3 sound": {"sound": "libmp3lame"},
    "uncompressed sound": {"container": "mov", "sound": "pcm_s16le"},
    "no sound": {"sound": None},
}
#: What is cut as it is, packet by packet, is in the profile already.
CUT_AS_THEY_ARE = ("H.264 High in MP4", "H.264 Baseline in MP4", "no sound")

PLAYS = """async (sources) => Promise.all(sources.map(async (source) => {
  const video = document.createElement("video");
  const failed = (no) => () => no(video.error ? video.error.message : "it does not play");
  video.muted = true; video.src = "data:video/mp4;base64," + source;
  document.body.append(video);
  const can = video.canPlayType('video/mp4; codecs="avc1.640028, mp4a.40.2"');
  await new Promise((done, no) => { video.oncanplay = done; video.onerror = failed(no); });
  const shown = new Set();
  const next = () =>
    video.requestVideoFrameCallback((_, at) => { shown.add(at.mediaTime); next(); });
  next();
  const ended = new Promise((done, no) => { video.onended = done; video.onerror = failed(no); });
  await video.play(); await ended;
  return { can, shown: shown.size, frames: video.getVideoPlaybackQuality().totalVideoFrames,
           at: video.currentTime, lasts: video.duration };
}))"""


def made_anew(original: bytes, start: float = 1.2, end: float = 3.1) -> Clip:
    outside = Outside()
    said = anew.task(BytesReader(original), {"start": start, "end": end}, outside)
    return Clip(bytes(outside.blobs["clip.mp4"]), said)


@pytest.mark.parametrize("source", SOURCES)
def test_a_clip_made_anew_of_any_source_is_in_the_profile_and_shows_its_pictures(
    source: str,
) -> None:
    original = film(frames=100, **SOURCES[source])

    clip = made_anew(original)

    assert why_not_playable(profile.task(BytesReader(clip.content), {}, Outside())) == ()
    assert (clip.said["begins"], clip.said["ends"]) == pytest.approx((1.2, 3.12), abs=0.001)
    assert [track["new"] for track in clip.said["tracks"]] == [
        track["packets"] for track in clip.said["tracks"]
    ]
    asked = [of for at, of in pictures(original) if 1.2 - 1e-3 <= at < 3.12 - 1e-3]
    shown = [of for _, of in pictures(clip.content)]
    assert len(shown) == len(asked) == clip.said["pictures"]
    for mine, theirs in zip(shown, asked, strict=True):
        assert np.abs(mine - theirs).mean() < 3


def test_sound_stays_with_its_picture() -> None:
    original = film(frames=100, video="libx265")

    (_, all_of_it), (begins, heard) = sound(original), sound(made_anew(original).content)

    # the tone's phase says which samples they are, to within a tenth of a period
    at = round((1.2 + begins) * 48_000)
    lead = heard[0, 4800:9600]
    same = all_of_it[0, at + 4800 : at + 9600]
    assert np.corrcoef(lead, same)[0, 1] > 0.95


def test_nothing_is_made_of_nothing_and_it_says_why() -> None:
    original = film(frames=50)
    for start, end, says in ((1.0, 1.0, "end before it begins"), (60.0, 61.0, "shows nothing")):
        with pytest.raises(CannotCut, match=says):
            made_anew(original, start, end)
    with pytest.raises(CannotCut, match="no pictures"):
        made_anew(film(video=None))


def test_the_walled_in_task_makes_it_too() -> None:
    sink = MemorySink()
    params = {"start": 0.4, "end": 1.2}

    said = run(
        "playable", BytesReader(film(video="libx265")), params, limits=Limits(60, 120, 1 << 31),
        sink=sink,
    )  # fmt: skip

    assert said["how"] == "playable"
    assert said["pictures"] == 20


@pytest.mark.browser
def test_chromium_plays_every_clip_in_the_profile_whatever_it_was_made_from() -> None:
    clips = {f"{of}, anew": made_anew(film(frames=100, **made)) for of, made in SOURCES.items()}
    for source in CUT_AS_THEY_ARE:
        clips[f"{source}, cut"] = cut(film(frames=100, **SOURCES[source]), 1.2, 3.1)

    for source, clip in clips.items():
        facts = profile.task(BytesReader(clip.content), {}, Outside())
        assert why_not_playable(facts) == (), source

    contents = [base64.b64encode(clip.content).decode() for clip in clips.values()]
    with open_browser() as page:
        played: Any = page.evaluate(PLAYS, contents)

    for source, found in zip(clips, played, strict=True):
        assert found["can"] == "probably"
        assert found["frames"] >= 40, (source, found)
        assert found["shown"] > 3, (source, found)
        assert found["at"] == pytest.approx(found["lasts"], abs=0.1), source
