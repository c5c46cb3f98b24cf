"""How a package refuses to be read or written."""

from __future__ import annotations

from custodes.kernel.errors import Refused


class PackageMalformed(Refused):
    """The bytes are not a package of a version this program knows."""

    advice = "Nothing was checked. Ask for the package again, and tell whoever made it."


class CannotPackage(Refused):
    """A package was to be written that would not be one."""

    advice = "Nothing was written. Choose other names, or another folder."
