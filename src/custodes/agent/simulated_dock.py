"""A dock with cameras that do not exist, sending footage that was never filmed.

For the demonstration: really encoded footage, sent over the real protocol by the
same controller the tests use, at the pace of a camera on a cable so that there is
something to watch. Nothing here knows what becomes of it.
"""

from __future__ import annotations

import json
import math
import random
import tempfile
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from custodes.agent.axis_controller import (
    AxisController,
    Filmed,
    NotAcknowledged,
    Part,
    bookmark,
    clip,
)
from custodes.kernel.clock import now, rfc3339
from custodes.media.generate import footage

PRE_EVENT = timedelta(seconds=8)
_BLOCK = 64 << 10
_WORDS = ("suspect seen", "use of force", "first account", "vehicle stopped", "")


@dataclass(frozen=True, slots=True)
class Worn:
    """One simulated camera and who wears it; ``near`` is a latitude and a longitude."""

    serial: str
    wearer: str
    wearer_name: str
    number: str
    near: tuple[float, float]


class SimulatedDock:
    """One controller with its cameras. Use it in a ``with``, from one thread."""

    def __init__(
        self, connection: Mapping[str, Any], worn: Iterable[Worn], *, pace: int, seed: int
    ) -> None:
        self._controller = AxisController(connection, attempts=20)
        self._container = str(connection.get("ContainerType", "mkv"))
        self._worn = tuple(worn)
        self._pace = pace
        self._random = random.Random(seed)  # noqa: S311 - made-up footage needs no secrets

    def __enter__(self) -> SimulatedDock:
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.close()

    def introduce(self) -> None:
        """Tell the server of everybody and every camera here."""
        for worn in self._worn:
            self._controller.tell_of_user(worn.wearer, worn.wearer_name, worn.number)
            self._controller.tell_of_camera(worn.serial, worn.serial, "Simulated camera")

    def offload(self, began: datetime, seconds: float) -> None:
        """Let one camera dock and send a recording that began then."""
        worn = self._random.choice(self._worn)
        with tempfile.TemporaryDirectory(prefix="custodes-demo-") as folder:
            file = footage(
                Path(folder) / f"made-up.{self._container}",
                seconds=seconds,
                started_at=began,
                camera=worn.serial,
                seed=self._random.randrange(1 << 30),
                container="mp4" if self._container == "mp4" else "mkv",
            )
            self._controller.send(self._filmed(worn, file, began, seconds))

    def offload_without_a_clock(self) -> None:
        """Send a recording of a camera whose clock was never set, as controllers do: rejected."""
        worn = self._random.choice(self._worn)
        never = datetime(1970, 1, 1, 0, 3, tzinfo=now().tzinfo)
        with tempfile.TemporaryDirectory(prefix="custodes-demo-") as folder:
            file = footage(Path(folder) / "made-up.mp4", seconds=3, started_at=never)
            filmed = self._filmed(worn, file, never, 3)
            try:
                self._controller.send(filmed)
            except NotAcknowledged as refused:
                self._reject(filmed, refused.reason.partition(": ")[2].partition(". ")[0])

    def _filmed(self, worn: Worn, file: Path, began: datetime, seconds: float) -> Filmed:
        ended = began + timedelta(seconds=seconds)
        name = f"{self._random.randrange(1 << 24):06x}"
        parts = [
            clip(
                name,
                self._slowly(file),
                began,
                ended,
                container=file.suffix.lstrip("."),
                size=file.stat().st_size,
            ),
            self._track(worn, name, began, seconds),
        ]
        if self._random.random() < 0.6:
            at = began + timedelta(seconds=seconds * self._random.uniform(0.4, 0.9))
            parts.append(bookmark(at, self._random.choice(_WORDS)))
        return Filmed(
            wearer=worn.wearer,
            serial=worn.serial,
            trigger_on=began + min(PRE_EVENT, timedelta(seconds=seconds / 2)),
            started_at=began,
            ended_at=ended,
            parts=tuple(parts),
            told={"TimeZone": "Europe/London", "BWCModel": "Simulated camera"},
        )

    def _slowly(self, file: Path) -> Callable[[], Iterator[bytes]]:
        """Return a body that leaves the camera at the pace of its cable."""

        def blocks() -> Iterator[bytes]:
            with file.open("rb") as source:
                while block := source.read(_BLOCK):
                    time.sleep(len(block) / self._pace)
                    yield block

        return blocks

    def _track(self, worn: Worn, name: str, began: datetime, seconds: float) -> Part:
        latitude, longitude = worn.near
        bearing = self._random.uniform(0, 2 * math.pi)
        entries = []
        for second in range(0, int(seconds) + 1, 2):
            bearing += self._random.uniform(-0.4, 0.4)
            latitude += 0.000025 * math.cos(bearing)
            longitude += 0.00004 * math.sin(bearing)
            entries.append(
                {
                    "LocationWKT": f"POINT({longitude:.6f} {latitude:.6f})",
                    "SecondsFromStart": float(second),
                    "Timestamp": rfc3339(began + timedelta(seconds=second)),
                }
            )
        body = json.dumps({"CoordinateEntries": entries}).encode()
        return Part(f"{began:%Y%m%d_%H%M%S}_{name}_{worn.serial}_gpstrail.json", body)

    def _reject(self, filmed: Filmed, reason: str) -> None:
        told = filmed.metadata() | {
            "RejectedContentOriginalContainer": filmed.container,
            "RejectedContentTime": rfc3339(now()),
            "RejectedContentReason": reason[:64],
        }
        container = f"RejectedContent_{now():%Y%m%dT%H%M%SZ}_{uuid.uuid4()}"
        self._controller.announce(container, told)
        for part in filmed.parts:
            self._controller.put(container, part)
