"""Copies under way while the sandbox writes them; what is not kept is thrown away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import version

from custodes.custody import strongroom
from custodes.kernel.ids import new_handle
from custodes.recordings.actions.describe import CopyDraft, is_sealed_whole
from custodes.recordings.models import Original
from custodes.recordings.rules import Purpose

_MEDIA_TYPES = {
    Purpose.VIEWING: "video/mp4",
    Purpose.THUMBNAIL: "image/jpeg",
    Purpose.FILMSTRIP: "image/jpeg",
    Purpose.WAVEFORM: "application/json",
    Purpose.TRACK: "application/json",
}


class Drafts:
    """The sandbox's sink: each blob is sealed as it is written, under its purpose.

    A copy that is there already is not written again; what the sandbox says of it
    is passed over, and :meth:`take` returns None for it.
    """

    made_by = f"custodes {version('custodes')}, av {version('av')}"

    def __init__(
        self,
        original: Original,
        purposes: Mapping[str, Purpose],
        handle_for: Callable[[str, str], str],
        keep_going: Callable[[], None],
    ) -> None:
        self._original = original
        self._purposes = purposes
        self._handle_for = handle_for
        self._keep_going = keep_going
        self._there = set(original.copies.values_list("purpose", flat=True))
        self._drafts: dict[str, CopyDraft] = {}

    def write(self, name: str, data: bytes) -> None:
        """Append the bytes to the named blob; a name nobody asked for is passed over."""
        self._keep_going()
        purpose = self._purposes.get(name)
        if purpose is None or purpose in self._there:
            return
        if name not in self._drafts:
            self._drafts[name] = self._begin(purpose)
        self._drafts[name].write(data)

    def patch(self, name: str, offset: int, data: bytes) -> None:
        """Replace bytes already written."""
        if name in self._drafts:
            self._drafts[name].patch(offset, data)

    def write_as(self, purpose: Purpose, data: bytes) -> None:
        """Write a whole blob that the sandbox did not write as one."""
        if purpose not in self._there:
            self._drafts[purpose] = self._begin(purpose)
            self._drafts[purpose].write(data)

    def take(self, name: str) -> CopyDraft | None:
        """Return the draft of this name, to be kept; the caller sees to it from now on."""
        return self._drafts.pop(name, None)

    def drop_the_rest(self) -> None:
        """Throw away every draft that was not taken."""
        while self._drafts:
            self._drafts.popitem()[1].drop()

    def _begin(self, purpose: Purpose) -> CopyDraft:
        handle = self._handle_for(self._original.handle, purpose)
        store = strongroom.vault().store
        # A run that was killed left it half written; it was this very copy.
        store.discard_incoming(handle)
        # Killed between sealing and entering it: what opens with this copy's own key is this copy.
        is_sealed = is_sealed_whole(self._original, purpose, handle)
        if store.holds(handle) and not is_sealed:
            handle = new_handle()  # damaged: it stays for a scrub to name
        return CopyDraft(self._original, purpose, _MEDIA_TYPES[purpose], handle, is_sealed)
