"""Noticing that a camera signed its video. Noticing, not checking.

A signing camera puts its signatures into the video as SEI messages of the kind
"user data unregistered", each beginning with a UUID (ITU-T H.264 and H.265,
annex D). What is found is reported as "signed, not checked".
"""

from __future__ import annotations

#: The UUIDs as published: Axis signed-video-framework, ONVIF Media Signing 1.0.
UUIDS = {
    bytes.fromhex("5369676e656420566964656f2e2e2e30"): "Axis Signed Video",
    bytes.fromhex("005bc93f2d715e95ada4796f90877a6f"): "ONVIF Media Signing",
}
#: Signatures come at least once a group of pictures; this is minutes of video.
PACKETS_SEARCHED = 4000


class SignatureWatch:
    """Look at a video track's first packets for a camera's signatures."""

    def __init__(self) -> None:
        self._searched = 0
        self.found: set[str] = set()

    def see(self, packet: bytes) -> None:
        """Search one packet."""
        if self._searched >= PACKETS_SEARCHED:
            return
        self._searched += 1
        self.found |= {name for uuid, name in UUIDS.items() if uuid in packet}

    @property
    def wants_more(self) -> bool:
        """Say whether another packet would still be searched."""
        return self._searched < PACKETS_SEARCHED
