"""What the files of a package are called, and whether a recipient's systems take their paths.

Rules only. The Crown Prosecution Service takes paths of at most 260 characters (law
DIS-08). Names differ by more than the case of their letters: other systems do not tell
``AO-1`` from ``ao-1``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from custodes.package.paths import MAX_PATH, safe_name

#: How much of what an exhibit is stands in its file's name.
_WORDS: Final = 60
CLIPS: Final = "data/clips"
NATIVE: Final = "data/native"


def file_name(label: str, item: str, ending: str) -> str:
    """Return what an exhibit's file is called: ``AO-1_The-arrest.mp4``."""
    words = _plain(item)[:_WORDS].strip("-")
    stem = _plain(label) or "film"
    return safe_name(f"{stem}_{words}.{ending}" if words else f"{stem}.{ending}")


def native_name(label: str, name: str) -> str:
    """Return what an original is called: its own name, after the exhibit's."""
    return f"{_plain(label)}_{safe_name(name)}"


def faults_of_paths(paths: Iterable[tuple[str, str]], bag: str) -> Mapping[str, str]:
    """Return what is wrong with each path in a bag of this name, by the key of what it is of.

    ``paths`` are pairs of such a key and the path of its file in the bag.
    """
    found: dict[str, str] = {}
    alike: dict[str, list[str]] = defaultdict(list)
    for key, path in paths:
        whole = f"{bag}/{path}"
        if len(whole) > MAX_PATH:
            found[key] = (
                f"Its path in the package has {len(whole)} characters; {MAX_PATH} are taken."
            )
        alike[path.casefold()].append(key)
    for path, keys in alike.items():
        for key in keys if len(keys) > 1 else ():
            found.setdefault(key, f"{len(keys)} files would be called {path}.")
    return found


def _plain(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")
