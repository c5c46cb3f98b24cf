"""Why a file has no clip proofs, as a sentence for a person."""

from __future__ import annotations

from custodes.kernel.errors import Refused


class NoClipProofs(Refused):
    """The container cannot be read packet by packet, so no clip of it can be proven.

    The file is kept all the same, with its file and chunk commitments.
    """

    advice = "The whole file can still be proven, bit for bit."
