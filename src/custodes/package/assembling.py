"""Write a whole package from what it says and the bytes it names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from custodes.ledger.proof import LogProof
from custodes.package.bag import Bag
from custodes.package.errors import CannotPackage
from custodes.package.readme import readme
from custodes.package.statement import Statement


def assemble(
    folder: Path,
    statement: Statement,
    tags: Mapping[str, bytes],
    media: Mapping[str, Iterable[bytes]],
    *,
    title: str,
) -> Path:
    """Write the package into a new folder and return it.

    ``tags`` are the notes and timestamps the statement names, ``media`` its files under
    ``data``. Raises CannotPackage when one is lacking or the folder is there already.
    """
    named = {path for each in statement.checkpoints for path in (each.note, *each.tokens)}
    if missing := sorted((named - set(tags)) | ({f.path for f in statement.files} - set(media))):
        raise CannotPackage(f"What the package names is not at hand: {missing[0]}.")
    bag = Bag(folder)
    for path, content in media.items():
        bag.add(path, content)
    for path, data in tags.items():
        bag.add(path, data)
    note = tags[statement.head.note].decode()
    for entry in statement.entries:
        proof = LogProof(entry.index, entry.path, note)
        bag.add(f"proofs/{entry.index}.tlog-proof", str(proof).encode())
    bag.add("proof.json", statement.to_bytes())
    bag.add("README.txt", readme(statement, title).encode())
    about = [("Source-Organization", statement.log), ("External-Description", title)]
    return bag.finish(about=about, made=statement.made)
