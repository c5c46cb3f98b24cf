"""A clip in a real browser: every picture at its moment, across the joints."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pytest
from tests.media.clip.test_cutting import cut, pictures
from tests.media.packets.films import film
from tests.world.browser import open_browser

SHOWN = """async (source) => {
  const video = document.createElement("video");
  video.muted = true; video.src = "data:video/mp4;base64," + source;
  document.body.append(video);
  await new Promise((done, no) => { video.oncanplay = done; video.onerror = no; });
  const canvas = new OffscreenCanvas(64, 48).getContext("2d");
  const seen = [];
  for (let nth = 0; (nth + 0.5) / 25 < video.duration; nth++) {
    const drawn = new Promise((done) => { video.requestVideoFrameCallback(done); });
    video.currentTime = (nth + 0.5) / 25;
    await new Promise((done) => { video.onseeked = done; });
    // "seeked" may come before the picture is there to be drawn: then it is the one before,
    // or all is one colour. Where the same picture stays, none is told of.
    await Promise.race([drawn, new Promise((done) => setTimeout(done, 500))]);
    let row = [];
    for (let tries = 0; tries < 100 && new Set(row).size < 2; tries++) {
      if (tries) await new Promise((done) => setTimeout(done, 50));
      canvas.drawImage(video, 0, 0);
      row = Array.from(canvas.getImageData(0, 24, 64, 1).data).filter((_, at) => at % 4 === 0);
    }
    seen.push(row);
  }
  video.currentTime = 0;
  const ended = new Promise((done, no) => { video.onended = done; video.onerror = no; });
  video.playbackRate = 4; await video.play(); await ended;
  return { seen, error: video.error && video.error.message };
}"""


@pytest.mark.browser
@pytest.mark.parametrize("encoder", [{"bf": "0"}, {"bf": "3"}], ids=["plain", "B-frames"])
def test_chromium_shows_the_original_s_pictures(encoder: dict[str, str]) -> None:
    original = film(frames=100, encoder=encoder)
    clip = cut(original, 0.6, 2.4)
    assert clip.new

    with open_browser() as page:
        found: Any = page.evaluate(SHOWN, base64.b64encode(clip.content).decode())

    asked = [of for at, of in pictures(original) if 0.6 - 1e-6 <= at < 2.4 - 1e-6]
    assert found["error"] is None
    assert len(found["seen"]) == len(asked)
    for shown, wanted in zip(found["seen"], asked, strict=True):
        assert brightest(np.array(shown)) == pytest.approx(brightest(wanted[24]), abs=2)


def brightest(row: Any) -> int:
    """Return where the moving bar stands."""
    bright = np.flatnonzero(row > (int(row.max()) + int(row.min())) / 2)
    return int(bright.min())
