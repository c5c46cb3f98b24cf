"""Packets as the container itself describes them, from its own tables.

Inside: readers of MP4 and QuickTime (mp4) and of Matroska and WebM (mkv), the
rules by which a packet comes apart into units (nal, pcm), and what they share
(track, window, coding). They promise to read forward where the container allows
it, in bounded memory and time whatever the file claims, and to say
:class:`NoClipProofs` in a sentence when a file cannot be read so.

This is the normative reader behind the media commitment, as written down in
docs/reference/formats/media-commitment.md; no decoder and no FFmpeg is involved,
since those mend timestamps and change their opinion between versions.
"""

from custodes.media.packets.mkv import is_mkv, read_mkv
from custodes.media.packets.mp4 import is_mp4, read_mp4
from custodes.media.packets.refusal import NoClipProofs
from custodes.media.packets.track import Movie, Track
from custodes.media.packets.window import Window

__all__ = ["Movie", "NoClipProofs", "Track", "Window", "read_movie"]


def read_movie(window: Window) -> Movie:
    """Return the tracks of a file and the places of their packets; raises NoClipProofs."""
    if window.size == 0:
        raise NoClipProofs("The file is empty.")
    head = window.peek(0, 16)
    if is_mkv(head):
        return read_mkv(window)
    if is_mp4(head):
        return read_mp4(window)
    raise NoClipProofs(
        "This is not an MP4, MOV or Matroska file; packets of other kinds are not read here."
    )
