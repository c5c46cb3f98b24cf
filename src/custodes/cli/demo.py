"""The made-up force of ``custodes up --demo``: two docks whose cameras keep coming home.

Run as a process of its own beside the server. It enrols its docks through the
ordinary actions and then speaks only the cameras' protocol.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from custodes.agent.simulated_dock import SimulatedDock, Worn
from custodes.cli.demo_case import open_a_case
from custodes.cli.shared import operator, start_django
from custodes.kernel.clock import now
from custodes.kernel.errors import Refused

_PACE = 350_000
_BRIXTON, _LAMBETH = (51.4626, -0.1146), (51.4952, -0.1117)
DOCKS: dict[str, tuple[str, tuple[Worn, ...]]] = {
    "Brixton yard": (
        "mp4",
        (
            Worn("SIM-4711", "7d0c-okafor", "PC 4711 Okafor", "4711", _BRIXTON),
            Worn("SIM-0088", "7d0c-harding", "Sgt 88 Harding", "88", _BRIXTON),
            Worn("SIM-2210", "7d0c-lewis", "PC 2210 Lewis", "2210", _BRIXTON),
        ),
    ),
    "Lambeth armed response": (
        "mkv",
        (
            Worn("SIM-3198", "91fa-novak", "PC 3198 Novak", "3198", _LAMBETH),
            Worn("SIM-3204", "91fa-adeyemi", "PC 3204 Adeyemi", "3204", _LAMBETH),
        ),
    ),
}


def main() -> None:
    """Let cameras dock until told to stop."""
    start_django(None)
    threads = [threading.Thread(target=open_a_case, daemon=True)]
    for number, (name, (container, worn)) in enumerate(DOCKS.items()):
        arguments = (_connection(name, container), worn, number)
        threads.append(threading.Thread(target=_keep_docking, args=arguments, daemon=True))
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        time.sleep(1)


def _keep_docking(connection: dict[str, Any], worn: tuple[Worn, ...], seed: int) -> None:
    """Send last night's shift, then one recording after another, ever more seldom."""
    with SimulatedDock(connection, worn, pace=_PACE, seed=seed + int(time.time())) as dock:
        dock.introduce()
        for number, (ago, seconds, pause) in enumerate(_shift()):
            began = (now() - ago).replace(microsecond=0)
            try:
                dock.offload(began, seconds)
                if number == 3 + seed:
                    dock.offload_without_a_clock()
            except Refused as refused:
                # A simulated camera gives up on one recording, not on the force.
                print(refused.in_full(), flush=True)
            time.sleep(pause)


def _shift() -> Iterator[tuple[timedelta, float, float]]:
    """Yield how long ago a recording began, how long it is, and the pause after it."""
    for hour in range(8, 2, -1):
        yield timedelta(hours=hour, minutes=7 * hour), 16 + 3 * hour, 2
    for number in range(14):
        yield timedelta(minutes=20 - number), 20 + number % 3 * 8, 20
    while True:
        yield timedelta(minutes=5), 25, 600


def _connection(name: str, container: str) -> dict[str, Any]:
    """Return the dock's connection file; the demo keeps it, as a controller would."""
    from django.conf import settings
    from django.db import transaction

    from custodes.fleet.actions import add_dock
    from custodes.fleet.connection_file import connection_file
    from custodes.fleet.rules import Container, DockKind

    kept = Path(settings.CUSTODES.home) / "demo" / f"{name}.json"
    if kept.exists():
        found: dict[str, Any] = json.loads(kept.read_text())
        return found
    kept.parent.mkdir(mode=0o700, exist_ok=True)
    with transaction.atomic():
        _, key = add_dock(name, DockKind.AXIS, by=operator(), at=now())
        made = connection_file(name, key, container=Container(container))
        kept.touch(mode=0o600)
        kept.write_text(json.dumps(made))
    return dict(made)


if __name__ == "__main__":
    main()
