"""What is done in the very transaction that enters that something is cut or handed out.

A stage above this one may have its own to do with it, such as to place a hold: what fails
there lets nothing out here. What takes long has been done when it begins, so that no row
stays locked while a film is cut.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Final

Beside = AbstractContextManager[object]

#: Nothing else is done with it.
ALONE: Final[Beside] = nullcontext()
