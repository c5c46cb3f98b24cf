"""Read a copy of a log's static export: a folder, or an address (C2SP tlog-tiles).

What is read is a claim: whoever reads compares it with a checkpoint that a key signed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx

from custodes.ledger.bundles import BundleInvalid, entries_in
from custodes.ledger.tiles import WIDTH, path_of

_TIMEOUT = httpx.Timeout(30)


class MirrorUnreadable(ValueError):
    """The copy is not there, cannot be reached, or lacks a part."""


class Mirror:
    """A copy of a log, below a folder or an address."""

    def __init__(self, source: str, transport: httpx.BaseTransport | None = None) -> None:
        self._source = source.rstrip("/")
        self._http: httpx.Client | None = None
        if source.startswith(("http://", "https://")):
            self._http = httpx.Client(timeout=_TIMEOUT, transport=transport)

    def checkpoint(self) -> bytes:
        """Return the signed checkpoint of the copy."""
        return self._read("checkpoint")

    def entries(self, start: int, size: int) -> Iterator[bytes]:
        """Yield the entries from an index on, up to a size, as the bundles have them."""
        for number in range(start // WIDTH, -(-size // WIDTH)):
            width = min(WIDTH, size - number * WIDTH)
            path = f"tile/entries/{path_of(number, width)}"
            try:
                found = entries_in(self._read(path))
            except BundleInvalid as error:
                raise MirrorUnreadable(f"{path}: {error}") from None
            if len(found) != width:
                raise MirrorUnreadable(f"{path} has {len(found)} entries, not {width}")
            yield from found[max(0, start - number * WIDTH) :]

    def _read(self, path: str) -> bytes:
        try:
            if self._http is None:
                return (Path(self._source) / path).read_bytes()
            answer = self._http.get(f"{self._source}/{path}")
            answer.raise_for_status()
            return answer.content
        except (OSError, httpx.HTTPError) as error:
            raise MirrorUnreadable(f"{path} cannot be read ({type(error).__name__})") from None
