"""Make a whole package of what it says and the bytes it names: as a folder, or sent as a ZIP."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from custodes.ledger.proof import LogProof
from custodes.package.bag import Bag
from custodes.package.errors import CannotPackage
from custodes.package.readme import readme
from custodes.package.sending import Parcel
from custodes.package.statement import Statement


@dataclass(frozen=True, slots=True)
class Contents:
    """What a package is made of.

    ``tags`` are the notes and timestamps the statement names, ``media`` its files under
    ``data``. To be sent, a medium has to be one that can be read twice. ``remarks`` are
    what README.txt says that this package, besides what none does, does not show.
    ``beside`` are files that the statement does not name, ``info`` lines for bag-info.txt.
    """

    statement: Statement
    tags: Mapping[str, bytes]
    media: Mapping[str, Iterable[bytes]]
    title: str
    remarks: tuple[str, ...] = ()
    beside: Mapping[str, bytes] = field(default_factory=dict)
    info: Sequence[tuple[str, str]] = ()

    def files(self) -> Iterator[tuple[str, bytes | Iterable[bytes]]]:
        """Yield every file but the bag's own; raises CannotPackage when one is lacking."""
        statement = self.statement
        media = {each.path for each in statement.files}
        lacking = (set(statement.tags) - set(self.tags)) | (media - set(self.media))
        if lacking:
            raise CannotPackage(f"What the package names is not at hand: {min(lacking)}.")
        yield from self.media.items()
        yield from self.beside.items()
        yield from self.tags.items()
        note = self.tags[statement.head.note].decode()
        for entry in statement.entries:
            proof = LogProof(entry.index, entry.path, note)
            yield f"proofs/{entry.index}.tlog-proof", str(proof).encode()
        yield "proof.json", statement.to_bytes()
        yield "README.txt", readme(statement, self.title, self.remarks).encode()

    def about(self) -> list[tuple[str, str]]:
        """Return what bag-info.txt says of it."""
        said = [("Source-Organization", self.statement.log), ("External-Description", self.title)]
        return [*said, *self.info]


def assemble(folder: Path, contents: Contents) -> Path:
    """Write the package into a new folder and return it.

    Raises CannotPackage when something is lacking or the folder is there already.
    """
    files = contents.files()
    first = next(files)  # what is lacking is found before there is a folder
    bag = Bag(folder)
    bag.add(*first)
    for path, content in files:
        bag.add(path, content)
    return bag.finish(about=contents.about(), made=contents.statement.made)


def parcel(contents: Contents, folder: str) -> Parcel:
    """Read everything once and return the package as a ZIP file that is ready to be sent."""
    made = contents.statement.made
    return Parcel.of(folder, contents.files(), about=contents.about(), made=made)
