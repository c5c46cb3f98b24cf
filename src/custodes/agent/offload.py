"""Offload a camera: send, have it proven, and only then erase.

1. Find the recordings; leave out what is still growing. Say what lies there.
2. For each file: hash it, send it with that digest, and get the receipt.
3. The receipt must be signed by the server's key and be for this digest and size.
4. The receipt is on this machine's disk before anything is erased.
5. Nothing of a recording is erased before all of its files have receipts.
6. Before a file is erased it is read once more from the camera; it must be the one
   the receipt is for. Side files go first, so that what is left still belongs together.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from custodes.agent.client import Client
from custodes.agent.errors import FileChanged, NotProven, ServerSaidNo
from custodes.agent.finding import Found, Group, at_rest, find
from custodes.agent.saying import account_of, digest_of, number_in_name
from custodes.agent.started import times_of
from custodes.agent.state import State
from custodes.kernel.digest import sha256
from custodes.kernel.durable import fsync_folder
from custodes.kernel.errors import Refused
from custodes.ledger.note import KeyInvalid, VerifierKey
from custodes.ledger.receipt import Receipt, ReceiptInvalid, open_receipt

# How long a file must lie still to count as whole, in seconds.
SETTLE = 2.0
# How often the upload of a file is begun anew in one run.
_UPLOADS = 3

OnBytes = Callable[[Found, int], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file. ``state`` is erased, kept, skipped or failed."""

    path: Path
    state: str
    reason: str = ""
    size: int = 0
    sha256: str = ""
    recording: str = ""
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Offload:
    """One run over one camera."""

    client: Client
    state: State
    key: VerifierKey
    keep: bool = False
    numbered: bool = False
    on_bytes: OnBytes = lambda _, __: None

    def announce(
        self, groups: tuple[Group, ...], *, counter: int | None = None, log: Path | None = None
    ) -> None:
        """Tell the server what lies on the camera, so that it misses what does not come."""
        items = [
            {
                "name": group.video.path.name,
                "size": group.video.size,
                "number": self._number(group),
            }
            for group in groups
        ]
        said: dict[str, object] = {"camera": self.state.camera, "items": items}
        if counter is not None:
            said["counter"] = counter
        if log is not None:
            said["log"] = sha256(log.read_bytes()).hex()
        self.client.tell_session(said)

    def run(self, groups: tuple[Group, ...]) -> Iterator[Outcome]:
        """Offload each recording and say what became of each file, in order."""
        for group in groups:
            yield from self._group(group)

    def _group(self, group: Group) -> Iterator[Outcome]:
        proven: dict[Found, Receipt] = {}
        try:
            times = times_of(group.video)
            account = account_of(self.state.camera, group, times, self._number(group))
            for found in group.files:
                proven[found] = self._deliver(found, account.of(found))
        except (Refused, OSError) as error:
            yield from (_failed(f, error, proven.get(f)) for f in group.files)
            return
        for found in reversed(group.files):
            yield self._let_go(found, proven[found])

    def _number(self, group: Group) -> int | None:
        return number_in_name(group) if self.numbered else None

    def _deliver(self, found: Found, said: dict[str, str]) -> Receipt:
        """Return a receipt that proves the server holds this file, kept on this machine's disk."""
        digest = said["sha256"]
        if (receipt := self._kept(found)) and receipt.is_for(digest, found.size):
            self.on_bytes(found, found.size)
            return receipt
        note = self.client.receipt(self._send(found, said))
        receipt = self._proven(note)
        if not receipt.is_for(digest, found.size):
            raise NotProven(f"The receipt is for other bytes than those of {found.path.name}.")
        self.state.keep_receipt(found, note)
        return receipt

    def _send(self, found: Found, said: dict[str, str]) -> str:
        """Send the whole file, going on with an upload begun earlier; return where it is."""
        for _ in range(_UPLOADS):
            url = self.state.url_of(found)
            if url is None:
                url = self.client.begin(found.size, said)
                self.state.remember(found, url)
            if self.client.send(url, found, lambda at: self.on_bytes(found, at)):
                return url
            self.state.forget(found)  # it expired or was cleared away: begin anew
        raise ServerSaidNo(f"The server gave up {_UPLOADS} uploads of {found.path.name}.")

    def _kept(self, found: Found) -> Receipt | None:
        note = self.state.receipt_of(found)
        if note is None:
            return None
        try:
            return self._proven(note)
        except NotProven:
            return None

    def _proven(self, note: str) -> Receipt:
        try:
            return open_receipt(note, self.key)
        except ReceiptInvalid as error:
            raise NotProven(f"The server's receipt does not hold: {error}.") from None

    def _let_go(self, found: Found, receipt: Receipt) -> Outcome:
        try:
            if not self.keep:
                erase(found, receipt)
                self.state.forget(found)
        except (Refused, OSError) as error:
            return _failed(found, error, receipt)
        return _outcome(found, receipt, "kept" if self.keep else "erased")


def erase(found: Found, receipt: Receipt) -> None:
    """Erase a file from the camera, after reading it once more; raises FileChanged or NotProven."""
    if not receipt.is_for(digest_of(found, from_device=True), found.size):
        raise NotProven(f"{found.path.name} now reads differently from what was sent.")
    if Found.at(found.path) != found:
        raise FileChanged(f"{found.path} changed while it was read.")
    found.path.unlink()
    fsync_folder(found.path.parent)


def look(where: Path, *, settle: float = SETTLE) -> tuple[tuple[Group, ...], list[Outcome]]:
    """Return the recordings that lie still, and what is left alone, with reasons."""
    found = find(where)
    if found.groups:
        time.sleep(settle)
    findings = at_rest(found)
    return findings.groups, [Outcome(path, "skipped", reason) for path, reason in findings.left]


def key_of_server(client: Client, state: State, given: str | None) -> tuple[VerifierKey, bool]:
    """Return the key receipts must be signed with, and whether it is trusted for the first time.

    ``given`` wins; else the key of the first meeting, whatever the server shows now.
    """
    pinned = state.pinned_key()
    if given is None and pinned is None:
        shown = client.key()
        key = _parsed(shown)
        state.pin_key(shown)
        return key, True
    return _parsed(given or pinned or ""), False


def _parsed(text: str) -> VerifierKey:
    try:
        return VerifierKey.parse(text)
    except KeyInvalid as error:
        raise NotProven(f"The server's key cannot be read: {error}.") from None


def _outcome(found: Found, receipt: Receipt, state: str, reason: str = "") -> Outcome:
    return Outcome(
        found.path, state, reason, found.size, receipt.sha256, receipt.recording, receipt.entry
    )


def _failed(found: Found, error: Exception, receipt: Receipt | None) -> Outcome:
    reason = error.in_full() if isinstance(error, Refused) else f"{error}."
    if receipt is not None:
        return _outcome(found, receipt, "failed", reason)
    return Outcome(found.path, "failed", reason, found.size)
