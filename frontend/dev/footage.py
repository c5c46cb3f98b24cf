"""Make a small made-up recording for looking at the player: two files, a gap, a filmstrip."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image

WIDTH, HEIGHT, RATE, SOUND = 640, 360, 25, 48_000
PARTS = ((0.0, 24.0), (30.0, 16.0))
TILE = (160, 90)


def picture(seconds: float) -> np.ndarray[Any, Any]:
    """Draw one frame: a street at night, and a light that passes once every eight seconds."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    frame = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    frame[..., 2] = 40 + 60 * y // HEIGHT
    frame[..., 1] = 30 + 30 * y // HEIGHT
    frame[y > HEIGHT * 0.62] = (46, 48, 52)
    centre = (seconds % 8) / 8 * WIDTH
    glow = np.exp(-(((x - centre) / 70) ** 2 + ((y - 190) / 60) ** 2))
    frame[..., 0] = np.clip(frame[..., 0] + 220 * glow, 0, 255)
    frame[..., 1] = np.clip(frame[..., 1] + 180 * glow, 0, 255)
    for column in range(0, WIDTH, 80):
        frame[120:230, column + 10 : column + 44] = (24, 26, 34)
    frame[-14:, : int(WIDTH * (seconds % 1))] = (240, 240, 240)
    return frame


def loudness(seconds: float) -> float:
    """Say how loud the made-up sound is (0 to 1)."""
    return float(0.08 + 0.6 * abs(np.sin(seconds * 0.7)) * (0.4 + 0.6 * abs(np.sin(seconds * 3.1))))


def write_part(path: Path, start: float, duration: float) -> None:
    """Write one file of the recording."""
    with av.open(str(path), "w", options={"movflags": "faststart"}) as out:
        video = out.add_stream("libx264", rate=RATE, options={"preset": "ultrafast", "g": "25"})
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        audio = out.add_stream("aac", rate=SOUND, layout="mono")
        for index in range(int(duration * RATE)):
            frame = av.VideoFrame.from_ndarray(picture(start + index / RATE), format="rgb24")
            out.mux(video.encode(frame))
        out.mux(video.encode(None))
        for index in range(int(duration * SOUND / 1024)):
            at = np.arange(index * 1024, (index + 1) * 1024) / SOUND
            wave = np.sin(at * 2 * np.pi * 220) * loudness(start + float(at[0]))
            sound = av.AudioFrame.from_ndarray(wave.astype(np.float32)[None], "fltp", "mono")
            sound.sample_rate, sound.pts = SOUND, index * 1024
            sound.time_base = Fraction(1, SOUND)
            out.mux(audio.encode(sound))
        out.mux(audio.encode(None))


def write_strip(path: Path, start: float, duration: float, columns: int = 6) -> dict[str, Any]:
    """Write a filmstrip with one tile a second and return what the page says about it."""
    count = int(duration)
    rows = -(-count // columns)
    sheet = Image.new("RGB", (columns * TILE[0], rows * TILE[1]))
    for index in range(count):
        tile = Image.fromarray(picture(start + index)).resize(TILE)
        sheet.paste(tile, (index % columns * TILE[0], index // columns * TILE[1]))
    buffer = io.BytesIO()
    sheet.save(buffer, "JPEG", quality=80)
    path.write_bytes(buffer.getvalue())
    return {
        "src": f"/media/{path.name}", "columns": columns, "rows": rows, "count": count,
        "tile_width": TILE[0], "tile_height": TILE[1], "interval": 1.0,
    }  # fmt: skip


def make(folder: Path) -> dict[str, Any]:
    """Write the made-up recording into a folder and return the player's contract for it."""
    folder.mkdir(parents=True, exist_ok=True)
    parts, strips, waves = [], [], []
    for number, (start, duration) in enumerate(PARTS):
        name = f"part-{number}.mp4"
        if not (folder / name).exists():
            write_part(folder / name, start, duration)
        parts.append(
            {"src": f"/media/{name}", "type": "video/mp4", "start": start, "duration": duration,
             "label": f"File {number + 1} of {len(PARTS)}"}
        )  # fmt: skip
        strip = write_strip(folder / f"strip-{number}.jpg", start, duration)
        strips.append({"part": number, **strip})
        peaks = [int(255 * loudness(start + i / 20)) for i in range(int(duration * 20))]
        waves.append({"part": number, "peaks_per_second": 20, "peaks": peaks})
    Image.fromarray(picture(3.0)).save(folder / "poster.jpg")
    return contract(parts, strips, waves)


def contract(parts: list[Any], strips: list[Any], waves: list[Any]) -> dict[str, Any]:
    """Return what the page tells the player about the made-up recording."""
    path = [
        (at, -0.1142 + 0.00006 * at + 0.0002 * np.sin(at / 6), 51.4621 + 0.00003 * at)
        for at in range(0, 47, 2)
    ]
    return {
        "id": "01JABC", "title": "PC 4711, 14 November 2026, 21:15",
        "parts": parts, "duration": 46.0, "frame_rate": RATE,
        "started_at": "2026-11-14T21:15:40.200Z", "received_at": "2026-11-14T21:58:03.000Z",
        "clock_offset_seconds": 1.2, "time_zone": "Europe/London", "pre_event_seconds": 8,
        "filmstrips": strips, "waveforms": waves,
        "bookmarks": [{"at": 12.4, "label": "Door opens", "by": "PC 4711"},
                      {"at": 34.0, "label": "Second officer arrives", "by": "Sgt Imran"}],
        "track": {"points": [[at, float(lon), float(lat)] for at, lon, lat in path]},
        "urls": {"bookmark": "/bookmark", "download": "/media/part-0.mp4"}, "csrf": "made-up",
    }  # fmt: skip
