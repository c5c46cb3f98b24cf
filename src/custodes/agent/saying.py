"""What is said of a file that is sent: the same whether it goes over the network or not."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from custodes.agent.finding import Found, Group, make_sure_it_is_the_same, opened
from custodes.agent.started import Times
from custodes.kernel.clock import rfc3339

BLOCK = 1 << 20
_NUMBER = re.compile(r"[0-9]{1,15}\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Account:
    """What is known of one recording before it is sent."""

    camera: str
    group: Group
    times: Times
    digests: dict[Found, str]
    number: int | None = None

    def of(self, found: Found) -> dict[str, str]:
        """Return the Upload-Metadata of one of its files."""
        said = {
            "filename": found.path.name,
            "camera": self.camera,
            "recording": self._key(),
            "files": str(len(self.group.files)),
            "started_at": rfc3339(self.times.started_at),
            "started_at_from": self.times.source,
            "sha256": self.digests[found],
        }
        if self.number is not None and found == self.group.video:
            said["sequence"] = str(self.number)
        ended_at = self.times.ended_at
        return said | ({"ended_at": rfc3339(ended_at)} if ended_at else {})

    def _key(self) -> str:
        """Return a name for the recording that is the same however often it is offered.

        Cameras use file names again after a wipe; the digest keeps those apart.
        """
        video = self.group.video
        return f"{video.path.stem[:100]}-{self.digests[video][:24]}"


def account_of(camera: str, group: Group, times: Times, number: int | None = None) -> Account:
    """Return the account of a recording, after reading all its files; raises FileChanged."""
    digests = {found: digest_of(found) for found in group.files}
    return Account(camera, group, times, digests, number)


def number_in_name(group: Group) -> int | None:
    """Return the number that a camera put at the end of a recording's name, if it did."""
    match = _NUMBER.search(group.video.path.stem)
    return int(match[0]) if match else None


def digest_of(found: Found, *, from_device: bool = False) -> str:
    """Return the SHA-256 of the file as it was found, in hex; raises FileChanged.

    ``from_device`` asks for what lies on the camera, not what this machine remembers.
    """
    digest = hashlib.sha256()
    with opened(found, from_device=from_device) as file:
        while block := file.read(BLOCK):
            digest.update(block)
        make_sure_it_is_the_same(found, file)
    return digest.hexdigest()
