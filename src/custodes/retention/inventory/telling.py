"""The inventory in sentences: what it comes to, and what each list says of the others."""

from __future__ import annotations

from dataclasses import dataclass

from custodes.retention.inventory.figures import Figures
from custodes.retention.rules.inventory import Verdict

_KINDS = {
    "original": "original",
    "copy": "copy for viewing",
    "apart": "file set apart on arrival",
    "forgotten": "original without a row",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One comparison: what was compared, whether it is as it should be, and a sentence.

    ``is_well`` is None where nobody can say.
    """

    what: str
    is_well: bool | None
    sentence: str


def headline(figures: Figures) -> str:
    """Return what it comes to, in one or two sentences."""
    missing, wanted = _n(figures.missing, "sealed object"), f"{figures.wanted:,}"
    match figures.verdict:
        case Verdict.OLD_DATABASE:
            return (
                f"This database is older than the store: {figures.behind} "
                "What seems to be missing here may have been deleted rightly since; "
                "what seems to be too much may be footage that only the lost entries knew of."
            )
        case Verdict.STORE_AWAY:
            return (
                f"The store itself is not there: not one of the {wanted} sealed objects it should "
                "hold is in its folder. That is how a disk looks that is not mounted. "
                "If it is mounted, all of them are lost."
            )
        case Verdict.PARTS_AWAY:
            return (
                f"Parts of the store are not there: {missing} of {wanted} are missing, and "
                f"{_n(figures.lost_folders, 'folder')} of the store with nothing in "
                f"{'it' if figures.lost_folders == 1 else 'them'} held "
                f"{figures.in_lost_folders:,} of these. That is how a disk looks that is "
                "mounted in part; if it is mounted whole, they are lost."
            )
        case Verdict.LOSS:
            return _loss(figures)
    return _with_every_object(figures)


def _with_every_object(figures: Figures) -> str:
    if figures.verdict is Verdict.MISCOUNT:
        return f"Every sealed object that should be held is held. {_miscounted(figures)}"
    if figures.verdict is Verdict.ACCEPTED:
        return f"All else that should be held is held. {_accepted(figures)}"
    if figures.verdict is Verdict.ODD:
        return "Everything that should be held is held. Something is held that should not be."
    return f"Everything that should be held is held: {_n(figures.wanted, 'sealed object')}."


def _loss(figures: Figures) -> str:
    said = []
    if figures.missing:
        verb = "is" if figures.missing == 1 else "are"
        said.append(
            f"{_n(figures.missing, 'sealed object')} of {figures.wanted:,} that should be held "
            f"{verb} missing: {_by_kind(figures)}."
        )
    if figures.forgotten:
        has = "has" if figures.forgotten == 1 else "have"
        said.append(
            f"{_n(figures.forgotten, 'file')} that the record says were taken in {has} no row "
            "in the database any more."
        )
    if figures.miscounted:
        said.append(_miscounted(figures))
    said.append(_accepted(figures))
    return " ".join(filter(None, said))


def _accepted(figures: Figures) -> str:
    """Say what two people accepted; empty when nothing was."""
    said = [
        (figures.accepted_missing, "sealed object"),
        (figures.accepted_forgotten, "row of a file"),
        (figures.accepted_miscounted, "disagreement of a camera or gap"),
    ]
    named = [_n(number, what) for number, what in said if number]
    return f"Two people accepted as lost for good: {', '.join(named)}." if named else ""


def _miscounted(figures: Figures) -> str:
    gaps, cameras = figures.gaps_unknown, figures.miscounted - figures.gaps_unknown
    said = []
    if cameras:
        said.append(f"The numbers of {_n(cameras, 'camera')} do not agree with the record.")
    if gaps:
        said.append(f"The record tells of {_n(gaps, 'gap')} that the register of gaps has lost.")
    return " ".join(said)


def advice(figures: Figures) -> str:
    """Return what to do about it; empty when nothing need be done."""
    return {
        Verdict.OLD_DATABASE: "Remove nothing. Recover the log first: custodes ledger recover.",
        Verdict.STORE_AWAY: "Mount the disk of the store, then run: custodes inventory.",
        Verdict.PARTS_AWAY: "Look at the disks of the store, then run: custodes inventory.",
        Verdict.LOSS: (
            "Nothing is deleted until this is cleared up. Keep disk and database as they are, "
            "and put back what is missing from a copy of the store. What cannot come back takes "
            "two people to accept: custodes loss accept, or the page of the inventory."
        ),
        Verdict.MISCOUNT: (
            "Somebody or something changed a counter or a gap behind the record: find out what. "
            "custodes inventory --list miscounted says of each what does not agree. Two people may "
            "accept it: custodes loss accept, or the page of the inventory."
        ),
        Verdict.ODD: "Nothing removes it by itself. custodes inventory --list names each.",
        Verdict.ACCEPTED: "",
        Verdict.WHOLE: "",
    }[figures.verdict]


def lines(figures: Figures) -> list[Line]:
    """Return each comparison of two lists, in a sentence."""
    return [
        Line("Store and database", not figures.missing, _store_and_database(figures)),
        Line(
            "Record and database",
            not figures.forgotten and not figures.unburied,
            _record_and_database(figures),
        ),
        Line(
            "Deletions and store",
            not figures.surviving and not figures.unexpected,
            _deletions_and_store(figures),
        ),
        Line("Cameras and record", _cameras_are_well(figures), _cameras(figures)),
        Line(
            "What was read again",
            None if figures.damaged is None else not figures.damaged,
            _scrubbed(figures),
        ),
    ]


def _store_and_database(figures: Figures) -> str:
    if not figures.missing:
        return f"The store holds all of the {_n(figures.wanted, 'sealed object')} it should."
    return (
        f"The store should hold {_n(figures.wanted, 'sealed object')}; it holds {figures.held:,}, "
        f"and {figures.missing:,} are missing: {_by_kind(figures)}."
    )


def _record_and_database(figures: Figures) -> str:
    taken, deleted = _n(figures.taken_in, "file"), _n(figures.disposed, "recording")
    said = [f"The record tells of {taken} taken in and of {deleted} deleted"]
    if figures.forgotten:
        said.append(f"the database has lost the rows of {_n(figures.forgotten, 'file')}")
    if figures.unburied:
        unburied = _n(figures.unburied, "recording")
        said.append(f"for {unburied} the certificates here do not fit that")
    if len(said) == 1:
        said.append("the database knows of each")
    return f"{'; '.join(said)}."


def _deletions_and_store(figures: Figures) -> str:
    said = []
    if figures.surviving:
        verb = "is" if figures.surviving == 1 else "are"
        said.append(
            f"{_n(figures.surviving, 'object')} of what was deleted {verb} still in the store, "
            "sealed under a key that is gone."
        )
    if figures.unexpected:
        said.append(f"Nobody knows what {_n(figures.unexpected, 'object')} in the store may be.")
    if figures.waiting:
        verb = "waits" if figures.waiting == 1 else "wait"
        said.append(f"{_n(figures.waiting, 'object')} {verb} to be removed after a deletion.")
    return " ".join(said) or "Nothing is in the store that should be gone, and nothing unknown."


def _cameras_are_well(figures: Figures) -> bool | None:
    if figures.gaps or figures.miscounted:
        return False
    return True if figures.cameras_counting else None


def _cameras(figures: Figures) -> str:
    counting = f"{figures.cameras_counting:,} of {_n(figures.cameras, 'camera')} count recordings"
    if figures.miscounted:
        return f"{counting}. {_miscounted(figures)}"
    if figures.gaps:
        verb = "is" if figures.gaps == 1 else "are"
        return (
            f"{counting}. {_n(figures.gaps, 'gap')} {verb} open: "
            f"{_n(figures.uncounted, 'recording')} that cameras counted or docks saw, "
            "and that did not arrive."
        )
    if not figures.cameras_counting:
        return f"{counting}: what was never docked cannot be missed."
    return f"{counting}. Everything they counted has arrived, or somebody has said why not."


def _scrubbed(figures: Figures) -> str:
    if figures.damaged is None:
        return "What is stored has not been read again yet: custodes vault scrub does it."
    if figures.damaged:
        return (
            f"When it was last read again, on {figures.scrubbed_at[:10]}, "
            f"{_n(figures.damaged, 'finding')} came up."
        )
    return f"When it was last read again, on {figures.scrubbed_at[:10]}, all was as it was sealed."


def _by_kind(figures: Figures) -> str:
    return ", ".join(_n(n, _KINDS[kind]) for kind, n in sorted(figures.missing_kinds.items()))


def _n(number: int, noun: str) -> str:
    """Return ``1 file``, ``12,408 files``, ``2 copies for viewing``."""
    if number == 1:
        return f"1 {noun}"
    first, _, rest = noun.partition(" ")
    many = {
        "copy": "copies",
        "file": "files",
        "original": "originals",
        "row": "rows",
        "disagreement": "disagreements",
    }.get(first)
    if many and rest:
        return f"{number:,} {many} {rest}"
    return f"{number:,} {noun}s"
