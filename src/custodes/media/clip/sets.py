"""H.264 parameter sets: adding an encoder's to an original's, under numbers of their own.

ISO/IEC 14496-15 section 5.3.3.1 and ITU-T H.264 sections 7.3.2.1 and 7.3.2.2. Both stand
side by side in one sample entry, and every picture names the set it was made with: a
player never has to change its mind in the middle.
"""

from __future__ import annotations

from dataclasses import dataclass

from custodes.media.clip.original import CannotCut
from custodes.media.clip_proof.shown import set_number
from custodes.media.packets.boxes import head_of

_VISUAL_HEAD = 86
_SPS, _PPS, _IDR = 7, 8, 5
_LARGEST = 31


@dataclass(frozen=True, slots=True)
class Avcc:
    """An AVCDecoderConfigurationRecord, taken apart; ``rest`` is what follows the PPS."""

    start: bytes
    sequences: tuple[bytes, ...]
    pictures: tuple[bytes, ...]
    rest: bytes

    @property
    def profile(self) -> int:
        """Return profile_idc."""
        return self.start[1]

    @property
    def level(self) -> int:
        """Return level_idc."""
        return self.start[3]

    @property
    def length_size(self) -> int:
        """Return in how many bytes the length of a NAL unit is written."""
        return (self.start[4] & 3) + 1

    def free_number(self) -> int:
        """Return a number that no set has yet; raises CannotCut when there is none."""
        numbers = {set_number(each) for each in (*self.sequences, *self.pictures)}
        taken = {known[1] for known in numbers if known is not None}
        free = [nth for nth in range(1, _LARGEST + 1) if nth not in taken]
        if not free or None in numbers:
            raise CannotCut("The parameter sets of this recording leave no room for further ones.")
        return free[0]

    def with_more(self, sets: list[bytes]) -> Avcc:
        """Return the record with an encoder's sets after its own."""
        sequences = tuple(each for each in sets if each[0] & 31 == _SPS)
        pictures = tuple(each for each in sets if each[0] & 31 == _PPS)
        return Avcc(self.start, self.sequences + sequences, self.pictures + pictures, self.rest)

    def to_bytes(self) -> bytes:
        """Return the record as it is stored."""
        counts = 0xE0 | len(self.sequences), len(self.pictures)
        return (
            self.start
            + bytes([counts[0]])
            + b"".join(len(each).to_bytes(2, "big") + each for each in self.sequences)
            + bytes([counts[1]])
            + b"".join(len(each).to_bytes(2, "big") + each for each in self.pictures)
            + self.rest
        )


def read_avcc(record: bytes) -> Avcc:
    """Read a record; raises CannotCut when it is broken."""
    try:
        sequences, at = _sets(record, 6, record[5] & 31)
        pictures, end = _sets(record, at + 1, record[at])
    except IndexError:
        raise CannotCut("The description of the pictures (avcC) is broken.") from None
    return Avcc(record[:5], sequences, pictures, record[end:])


def _sets(record: bytes, at: int, count: int) -> tuple[tuple[bytes, ...], int]:
    found = []
    for _ in range(count):
        end = at + 2 + (record[at] << 8 | record[at + 1])
        if end > len(record):
            raise IndexError
        found.append(record[at + 2 : end])
        at = end
    return tuple(found), at


def record_in(entry: bytes, kind: bytes) -> bytes:
    """Return the payload of a box inside a visual sample entry, empty when there is none."""
    start, end = _record(entry, kind)
    return entry[start + 8 : end]


def with_record(entry: bytes, kind: bytes, payload: bytes) -> bytes:
    """Return the sample entry with another payload in one of its boxes."""
    start, end = _record(entry, kind)
    box = (len(payload) + 8).to_bytes(4, "big") + kind + payload
    changed = entry[:start] + box + entry[end:]
    return len(changed).to_bytes(4, "big") + changed[4:]


def _record(entry: bytes, kind: bytes) -> tuple[int, int]:
    at = _VISUAL_HEAD
    while (found := head_of(entry[at : at + 16], len(entry) - at)) is not None:
        if found[0] == kind and at + found[2] <= len(entry):
            return at, at + found[2]
        at += found[2]
    return len(entry), len(entry)


def units_of(annex_b: bytes) -> list[bytes]:
    """Return the NAL units of an encoder's byte stream (ITU-T H.264 annex B)."""
    pieces = annex_b.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1")
    return [piece.rstrip(b"\0") for piece in pieces if piece.rstrip(b"\0")]


def is_idr(packet: bytes, length_size: int) -> bool:
    """Say whether a packet is a picture after which none rests on an earlier one."""
    at = 0
    while at + length_size < len(packet):
        length = int.from_bytes(packet[at : at + length_size], "big")
        if packet[at + length_size] & 31 == _IDR:
            return True
        at += length_size + length
    return False
