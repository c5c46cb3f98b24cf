"""How the vault says no."""

from __future__ import annotations

from custodes.kernel.errors import Damaged, Refused


class OutOfSpace(Refused):
    """The disk is full, or would be fuller than the reserve allows."""

    advice = "Make room or add a disk. Nothing that was sealed is affected."


class AlreadyThere(Refused):
    """Something of this name is in the store already; nothing is ever overwritten."""

    advice = "Nothing was changed. Resume or discard what is there, or use a new name."


class InUse(Refused):
    """Another writer has this unfinished object open."""

    advice = "Nothing was changed. Wait for the other upload to end."


class WriterClosed(Refused):
    """The writer was finished, abandoned, or failed before; it takes no more bytes."""

    advice = "What was sealed so far is kept. Resume it to go on."


class NotPatchable(Refused):
    """The bytes asked for lie outside what may still be changed."""

    advice = "Nothing was changed. Only bytes already written in the first 64 KiB can be patched."


class NeverArrived(Refused):
    """The bytes asked for will not come: the upload was given up or ended early."""

    advice = "What was sealed so far is kept. The sender has to go on with the upload."


class NotYet(Refused):
    """The bytes asked for did not arrive within the time the reader would wait."""

    advice = "Nothing is wrong with what was sealed. Ask again later."


class NotDurable(Refused):
    """The disk did not confirm that the bytes are safe."""

    advice = "Do not acknowledge this upload. Check the disk, discard the upload and begin it anew."


class KeysExposed(Refused):
    """A key file can be read by people other than its owner."""

    advice = "Run chmod 600 on the file, and ask who could have read it since."


class UnknownEpoch(Refused):
    """The key is wrapped by an epoch key that is not, or no longer, in the key ring."""

    advice = "Check that the key folder is the right one. A destroyed epoch takes its keys with it."


class CurrentEpoch(Refused):
    """The current epoch key cannot be destroyed; new keys are being wrapped by it."""

    advice = "Begin a new epoch and re-wrap every live key first."


class DamagedWrap(Damaged):
    """A wrapped key does not open: it was changed, or another installation's key wrapped it."""
