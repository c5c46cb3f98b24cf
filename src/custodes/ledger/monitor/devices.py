"""Is everything there that a camera counted? Sequences, counters and gaps, camera by camera.

Custody format, section 5. The log must not pass over in silence what is missing:
where a camera's own numbers skip, or its counter moved by more than there was to
send, an entry ``gap.opened`` must say so. Footage that comes late fills the hole.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from custodes.kernel.digest import b64u
from custodes.ledger.monitor.findings import Findings
from custodes.ledger.monitor.seen import Seen, number, text

# For so long the log may leave a hole unsaid: files of one dock arrive in any order.
GRACE = timedelta(hours=72)


@dataclass(slots=True)
class Hole:
    """Numbers a camera gave and the log does not have, from the first to the last of them."""

    first: int
    last: int
    entry: int
    since: datetime


@dataclass(slots=True)
class Device:
    """What the log told of one camera so far."""

    leaf: bytes | None = b""
    is_chained: bool = False
    highest: int | None = None
    counter: int | None = None
    holes: list[Hole] = field(default_factory=list)
    said: list[tuple[int, int]] = field(default_factory=list)

    def miss(self, hole: Hole) -> None:
        """Remember numbers that are not there, but for those that a gap named before."""
        self.holes.append(hole)
        for first, last in self.said:
            self.fill(first, last)

    def fill(self, first: int, last: int) -> None:
        """Take the numbers from the first to the last out of the holes; one may become two."""
        for hole in list(self.holes):
            if last < hole.first or hole.last < first:
                continue
            self.holes.remove(hole)
            if hole.first < first:
                self.holes.append(Hole(hole.first, first - 1, hole.entry, hole.since))
            if last < hole.last:
                self.holes.append(Hole(last + 1, hole.last, hole.entry, hole.since))


class Devices:
    """Follows every camera through the log."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._devices: dict[str, Device] = {}
        self._open: dict[str, Seen] = {}
        self._closed: set[str] = set()
        self._forgotten: set[str] = set()

    def forget(self) -> None:
        """The database is another one from here on: it may not know what it said last.

        Which file of a camera came last, where its counter stood and what was explained is
        taken anew; what never arrived is still missing.
        """
        for device in self._devices.values():
            device.leaf = device.counter = None
        self._forgotten |= self._closed

    def ingested(self, seen: Seen) -> None:
        """A file of a camera was taken in."""
        handle, previous = text(seen.facts, "d"), text(seen.facts, "dp")
        if not handle:
            return
        device = self._devices.setdefault(handle, Device())
        # The first file has none before it, and releases before this rule did not say.
        told = previous or device.is_chained
        last = b64u(device.leaf) if device.leaf else ""
        if told and device.leaf is not None and previous != last:
            self._findings.fault(
                "device-chain",
                seen.index,
                f"the file of camera {handle} taken in before this one is not the one it names: "
                "one was left out, or put elsewhere.",
            )
        device.is_chained = bool(told)
        device.leaf = seen.leaf
        if (given := number(seen.facts, "q")) is not None:
            self._numbered(device, given, seen)

    def session(self, seen: Seen) -> None:
        """A camera was read at a dock: its counter, and how much there was to send."""
        device = self._devices.setdefault(seen.subject, Device())
        before, after = number(seen.facts, "cb"), number(seen.facts, "ca")
        if before is not None and after is not None:
            items = number(seen.facts, "i") or 0
            if device.counter is not None and before != device.counter:
                self._findings.fault(
                    "counter-jump",
                    seen.index,
                    f"the counter of camera {seen.subject} stood at {device.counter} when it was "
                    f"last read and is said to have stood at {before}.",
                )
            if after - before > items:
                device.miss(Hole(before + 1, after, seen.index, seen.moment))
            if after < before:  # it was reset: its numbers begin anew
                device.highest = after
        if after is not None:
            device.counter = after

    def gap_opened(self, seen: Seen) -> None:
        """The log itself said that something is missing: the hole is no secret any more."""
        self._open[seen.subject] = seen
        first, last = number(seen.facts, "f"), number(seen.facts, "u")
        if first is None or last is None:
            return
        device = self._devices.setdefault(text(seen.facts, "d"), Device())
        device.said.append((first, last))
        device.fill(first, last)

    def gap_closed(self, seen: Seen) -> None:
        """A gap was explained by somebody, or what was missing arrived after all."""
        is_known = self._open.pop(seen.subject, None) or seen.subject in self._forgotten
        self._closed.add(seen.subject)
        if not is_known:
            self._findings.fault(
                "gap-unknown", seen.index, f"it closes the gap {seen.subject}, which is not open."
            )

    def ended(self, at: datetime) -> None:
        """Say what stayed unsaid, now that the log is at its end."""
        for handle, device in self._devices.items():
            for hole in device.holes:
                if at - hole.since > GRACE:
                    self._findings.fault(
                        "sequence-skipped", hole.entry, f"camera {handle} {_numbers(hole)}"
                    )
        for seen in self._open.values():
            self._findings.notice(
                "gap-open", seen.index, f"the gap opened here on {seen.moment:%d %B %Y} is open."
            )

    def _numbered(self, device: Device, given: int, seen: Seen) -> None:
        device.fill(given, given)
        if device.highest is None or given <= device.highest:
            device.highest = given if device.highest is None else device.highest
            return
        if given > device.highest + 1:
            device.miss(Hole(device.highest + 1, given - 1, seen.index, seen.moment))
        device.highest = given


def _numbers(hole: Hole) -> str:
    if hole.first == hole.last:
        return f"counted number {hole.first}, which never arrived, and no gap says so."
    return f"counted {hole.first} to {hole.last}, not all of which arrived, and no gap says so."
