"""A log that became shorter than it was seen to be is not appended to, whoever saw it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from tests.custody.logs import configure, grow, public_entries, watching
from tests.world.force import CLERK, NOON
from tests.world.mirrored import write_mirror
from tests.world.served import served

from custodes.custody import guard, strongroom
from custodes.custody.checkpoints import beat_if_due, newest_checkpoint, newest_witnessed, publish
from custodes.custody.errors import LogBehind
from custodes.custody.genesis import begin_log
from custodes.custody.health import Fault, log_health
from custodes.custody.log import size_of_log, subject_of_log
from custodes.custody.models import Chain, Entry, Head, Outsider, PublishedCheckpoint, Tile
from custodes.custody.outside import have_cosigned, look_outside
from custodes.custody.queries import history_of
from custodes.custody.recovering import (
    CannotRecover,
    NothingToMend,
    begin_successor,
    recover_from,
)
from custodes.custody.report import lines
from custodes.custody.tiles import faults_at_the_edge, tree_of_log
from custodes.kernel.digest import b64u
from custodes.ledger.checkpoint import Checkpoint
from custodes.ledger.entry import parse_entry
from custodes.ledger.note import Note

pytestmark = pytest.mark.django_db(transaction=True)


class Backup:
    """The log's tables as they were, to be put back as a restore would."""

    TABLES = (Entry, Head, Chain, Tile, PublishedCheckpoint)

    def __init__(self) -> None:
        self._rows = [(table, list(table.objects.all())) for table in self.TABLES]

    def restore(self) -> None:
        with connection.cursor() as cursor:
            for table in ("token", "cosignature", "outsider"):
                cursor.execute(f"DELETE FROM custody_{table}")
        for table, rows in self._rows:
            table.objects.all().delete()
            table.objects.bulk_create(rows)


@pytest.fixture
def restored() -> Backup:
    """Back up after four entries, publish one more of seven, and put the backup back."""
    grow(3)
    publish(NOON)
    backup = Backup()
    grow(3)
    publish(NOON)
    mirror_of_now.update(
        note=PublishedCheckpoint.objects.get(size=7).note, entries=public_entries()
    )
    backup.restore()
    return backup


mirror_of_now: dict[str, Any] = {}
DEAD = "http://127.0.0.1:9"
ASKED: dict[str, Any] = {"by": CLERK, "because": "disk died", "at": NOON}


def a_key() -> str:
    return str(strongroom.signers()[0].verifier)


def mirror(folder: Path) -> str:
    return str(write_mirror(folder, mirror_of_now["note"], mirror_of_now["entries"]))


def refused(act: Callable[[], object]) -> str:
    before = size_of_log()
    with pytest.raises(LogBehind) as caught:
        act()
    assert size_of_log() == before
    return caught.value.reason


def test_a_restored_backup_takes_no_entries_and_says_why(restored: Backup) -> None:
    why = refused(lambda: grow(1))

    assert "ends after 4 entries" in why
    assert "shows 7" in why
    assert guard.why_refused() == why
    assert refused(lambda: publish(NOON)) == why
    assert refused(lambda: beat_if_due(by=CLERK, at=NOON)) == why
    [finding] = [f for f in log_health(NOON) if f.fault is Fault.BEHIND]
    assert why in finding.sentence
    assert finding.is_grave


def test_a_database_that_is_lost_altogether_begins_no_new_log(restored: Backup) -> None:
    Backup.TABLES[0].objects.all().delete()
    for table in Backup.TABLES[1:]:
        table.objects.all().delete()

    assert "after 0 entries" in refused(lambda: begin_log(by=CLERK, at=NOON))


def test_another_history_of_the_same_length_is_refused_too(restored: Backup) -> None:
    kept = guard._path()
    aside = kept.rename(kept.with_suffix(".aside"))
    grow(5)
    aside.rename(kept)

    assert "another history" in refused(lambda: grow(1))


def test_a_log_that_is_whole_is_appended_to_and_the_file_is_looked_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    grow(3)
    publish(NOON)
    read: list[int] = []
    last_kept = guard.last_kept
    monkeypatch.setattr(guard, "last_kept", lambda: read.append(1) or last_kept())

    for _ in range(5):
        grow(1)

    assert len(read) == 1
    assert size_of_log() == 9


def test_a_kept_checkpoint_that_cannot_be_read_stops_appending() -> None:
    grow(1)
    publish(NOON)
    guard._path().write_text("garbage")

    assert "cannot be read" in refused(lambda: grow(1))


def test_a_witness_that_saw_more_stops_a_log_whose_home_was_lost_too(
    settings: Any, tmp_path: Path
) -> None:
    grow(3)
    with watching(tmp_path / "w") as outside:
        configure(settings, witnesses=(outside.line(),))
        publish(NOON)
        backup = Backup()
        grow(3)
        publish(NOON)
        have_cosigned(NOON)
        backup.restore()
        guard._path().unlink()

        why = look_outside()

        assert "the witness w1 shows 7" in why
        assert refused(lambda: grow(1)) == why
    assert "w1" in guard.why_refused(), "it stands when the witness is gone"


def test_a_witness_that_only_tells_a_size_stops_it_as_well(settings: Any, tmp_path: Path) -> None:
    grow(3)
    with watching(tmp_path / "w") as outside:
        configure(settings, witnesses=(outside.line(),))
        publish(NOON)
        backup = Backup()
        grow(3)
        publish(NOON)
        have_cosigned(NOON)
        backup.restore()
        guard._path().unlink()
        hide = "UPDATE cosigned SET origin_hash = 'hidden'"
        with outside.witness.memory.locked() as held:
            held.database.execute(hide)

        assert "has seen 7" in look_outside()


def test_what_a_witness_takes_back_lets_the_log_go_on(settings: Any, tmp_path: Path) -> None:
    grow(1)
    guard.set_refusal("the witness w9 has seen 99")

    assert refused(lambda: grow(1)) == "the witness w9 has seen 99"
    assert look_outside() == ""
    grow(1)


def test_what_a_witness_showed_stands_when_it_cannot_be_reached(
    restored: Backup, settings: Any, tmp_path: Path
) -> None:
    guard._path().unlink()
    with watching(tmp_path / "w") as outside:
        configure(settings, witnesses=(outside.line(),), mirror=mirror(tmp_path / "mirror"))
        why = look_outside()
        assert "the mirror shows 7" in why
    shutil.rmtree(tmp_path / "mirror")

    assert look_outside() == why, "both are gone"
    with watching(tmp_path / "w2", "another.example/w") as outside:
        configure(settings, witnesses=(outside.line(),))
        assert refused(lambda: grow(1)) == why
        configure(settings, mirror="", witnesses=(outside.line(), f"w2 {DEAD} {a_key()}"))
        assert look_outside() == why, "one of two is gone"
        configure(settings, witnesses=(outside.line(),))
        assert look_outside() == "", "everybody was asked"
    grow(1)


def test_a_size_alone_lifts_no_refusal(settings: Any, tmp_path: Path) -> None:
    grow(3)
    publish(NOON)
    with watching(tmp_path / "w") as outside:
        configure(settings, witnesses=(outside.line(),))
        have_cosigned(NOON)
        with outside.witness.memory.locked() as held:
            held.database.execute("UPDATE cosigned SET origin_hash = 'x', root = zeroblob(32)")
        guard.set_refusal("the witness w1 shows another history")

        assert look_outside() == "the witness w1 shows another history"

        with outside.witness.memory.locked() as held:
            root = PublishedCheckpoint.objects.get().root
            held.database.execute("UPDATE cosigned SET root = ?", [bytes(root)])
        assert look_outside() == ""


def test_what_is_published_while_a_witness_is_asked_is_no_older_database(
    settings: Any, tmp_path: Path
) -> None:
    grow(1)
    publish(NOON)

    def meanwhile(environ: Any, start: Any) -> list[bytes]:
        if environ["REQUEST_METHOD"] == "GET":
            start("404 Not Found", [])
            return []
        try:
            grow(2)  # another process, which also had it cosigned
        finally:
            connection.close()
        start("409 Conflict", [])
        return [f"{size_of_log()}\n".encode()]

    with served(meanwhile) as url:
        configure(settings, witnesses=(f"w1 {url} {a_key()}",))

        assert look_outside() == ""
    assert size_of_log() == 4


def test_what_is_published_between_two_looks_is_no_older_database(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    grow(1)
    before, look = guard._end(), guard._end
    grow(2)
    publish(NOON)
    ends = iter([before])
    monkeypatch.setattr(guard, "_end", lambda: next(ends, None) or look())

    assert guard.why_refused() == ""


@pytest.mark.parametrize("over", ["folder", "http"])
def test_a_mirror_that_has_more_stops_it(
    restored: Backup, settings: Any, tmp_path: Path, over: str
) -> None:
    guard._path().unlink()
    folder = mirror(tmp_path / "mirror")

    def files(environ: Any, start: Any) -> list[bytes]:
        path = Path(folder + environ["PATH_INFO"])
        start("200 OK" if path.is_file() else "404 Not Found", [])
        return [path.read_bytes() if path.is_file() else b""]

    with served(files) as url:
        configure(settings, mirror=folder if over == "folder" else url)
        assert "the mirror shows 7" in look_outside()
        refused(lambda: grow(1))

        recover_from(settings.CUSTODES.mirror, by=CLERK, because="", at=NOON)
        assert look_outside() == ""
    grow(1)


def test_nobody_who_cannot_be_reached_stops_anything(settings: Any, tmp_path: Path) -> None:
    grow(1)
    configure(settings, witnesses=(f"w1 {DEAD} {a_key()}",), mirror=str(tmp_path / "none"))

    assert look_outside() == ""
    grow(1)


def test_lost_entries_come_back_from_a_mirror_without_their_bodies(
    restored: Backup, tmp_path: Path
) -> None:
    got = recover_from(mirror(tmp_path), by=CLERK, because="disk died", at=NOON)

    assert (got.first, got.size, got.subjects) == (4, 7, 3)
    assert public_entries()[:7] == mirror_of_now["entries"]
    published = Checkpoint.parse(Note.parse(mirror_of_now["note"]).text)
    assert tree_of_log(7).root() == published.root
    assert faults_at_the_edge() == []
    said = parse_entry(public_entries()[7])
    assert (said.kind, said.facts) == ("log.recovered", {"i": 4, "z": 7})
    lost = Entry.objects.get(index=5)
    assert "lost" in lines(history_of(lost.subject))[0].sentence
    grow(1, subject=lost.subject)
    assert parse_entry(public_entries()[8]).previous == bytes(lost.leaf)
    assert publish(NOON) is not None
    assert guard.why_refused() == ""


@pytest.mark.parametrize("shows", [True, False], ids=["shows it", "tells its size"])
def test_a_mirror_that_ends_before_what_a_witness_saw_is_not_enough(
    settings: Any, tmp_path: Path, shows: bool
) -> None:
    grow(3)
    with watching(tmp_path / "w") as outside:
        configure(settings, witnesses=(outside.line(),))
        publish(NOON)
        backup = Backup()
        grow(2)
        publish(NOON)
        behind = public_entries()
        note = PublishedCheckpoint.objects.get(size=6).note
        grow(1)
        publish(NOON)
        have_cosigned(NOON)
        whole = PublishedCheckpoint.objects.get(size=7).note, public_entries()
        backup.restore()
        guard._path().unlink()
        assert look_outside()
        if not shows:
            with outside.witness.memory.locked() as held:
                held.database.execute("UPDATE cosigned SET origin_hash = 'hidden'")

        with pytest.raises(CannotRecover, match="the witness w1 has seen 7"):
            recover_from(str(write_mirror(tmp_path / "m", note, behind)), **ASKED)
        assert size_of_log() == 4
        recover_from(str(write_mirror(tmp_path / "n", *whole)), **ASKED)
        assert guard.why_refused(), "nobody outside has agreed yet"
        if shows:
            assert look_outside() == ""
            grow(1)


def tampered() -> dict[str, Callable[[Path], None]]:
    bundle = "tile/entries/000.p/7"

    def change(folder: Path) -> None:
        raw = bytearray((folder / bundle).read_bytes())
        raw[-3] ^= 1
        (folder / bundle).write_bytes(raw)

    def swap(folder: Path) -> None:
        entries = [*mirror_of_now["entries"][:5], *reversed(mirror_of_now["entries"][5:])]
        write_mirror(folder, mirror_of_now["note"], entries)

    def invent(folder: Path) -> None:
        entries = list(mirror_of_now["entries"])
        entries[6] = entries[6].replace(b"recording.noted", b"recording.chang")
        write_mirror(folder, mirror_of_now["note"], entries)

    def resize(folder: Path) -> None:
        (folder / "checkpoint").write_text(mirror_of_now["note"].replace("\n7\n", "\n8\n"))

    return {
        "a bundle is missing": lambda folder: (folder / bundle).unlink(),
        "a bundle is cut": lambda folder: (folder / bundle).write_bytes(b"\0"),
        "a byte was changed": change,
        "entries were exchanged": swap,
        "an entry was invented": invent,
        "the checkpoint was changed": resize,
        "there is no checkpoint": lambda folder: (folder / "checkpoint").unlink(),
    }


@pytest.mark.parametrize("how", tampered())
def test_a_mirror_that_lies_puts_nothing_back(restored: Backup, tmp_path: Path, how: str) -> None:
    mirror(tmp_path)
    tampered()[how](tmp_path)

    with pytest.raises(CannotRecover):
        recover_from(str(tmp_path), by=CLERK, because="", at=NOON)

    assert size_of_log() == 4
    refused(lambda: grow(1))


def test_a_mirror_that_ends_before_what_was_published_is_not_enough(
    restored: Backup, tmp_path: Path
) -> None:
    recover_from(mirror(tmp_path), by=CLERK, because="", at=NOON)
    publish(NOON)
    restored.restore()

    with pytest.raises(CannotRecover, match="8 were published"):
        recover_from(str(tmp_path), by=CLERK, because="", at=NOON)


def test_a_successor_names_the_old_head_and_keeps_what_is_left(restored: Backup) -> None:
    old, kept = strongroom.origin(), guard.last_kept()
    old_keys = [signer.verifier.public for signer in strongroom.signers()]

    name = begin_successor(by=CLERK, because="the disk died, there is no mirror", at=NOON)

    assert kept is not None
    assert name == f"{old}/2" == strongroom.origin()
    begun = parse_entry(public_entries()[4])
    assert begun.kind == "log.genesis"
    assert (begun.facts["po"], begun.facts["pz"]) == (old, 7)
    assert begun.subject == subject_of_log()
    assert not {s.verifier.public for s in strongroom.signers()} & set(old_keys)
    made = publish(NOON)
    assert made is not None
    assert made.note.startswith(f"{name}\n5\n")
    assert guard._path().with_name("given-up-1.note").exists()
    grow(2)
    assert guard.why_refused() == ""


def test_the_backup_is_refused_again_after_a_successor_began(restored: Backup) -> None:
    begin_successor(by=CLERK, because="lost", at=NOON)
    publish(NOON)

    restored.restore()

    assert "is of" in refused(lambda: grow(1))


def test_nobody_outside_has_seen_or_vouched_for_a_successor_yet(
    settings: Any, tmp_path: Path
) -> None:
    grow(3)
    with watching(tmp_path / "w") as outside:
        configure(settings, witnesses=(outside.line(),))
        publish(NOON)
        have_cosigned(NOON)
        guard.set_refusal("the witness w1 shows another history")
        begin_successor(by=CLERK, because="they are right", at=NOON)

        known = Outsider.objects.get()
        assert (known.size, known.vouched_at, known.since) == (0, None, NOON)
        assert newest_checkpoint() is None, "the old log's is not its own"
        publish(NOON)
        for signer in strongroom.signers():
            outside.witness.memory.watch(signer.verifier)
        assert look_outside() == ""
        have_cosigned(NOON)

    newest = newest_witnessed()
    assert newest is not None
    assert (newest.size, newest.note.partition("\n")[0]) == (5, strongroom.origin())


def test_a_second_successor_takes_a_new_name_and_names_the_log_it_has(restored: Backup) -> None:
    old, kept = strongroom.origin(), guard.last_kept()
    begin_successor(by=CLERK, because="lost", at=NOON)
    publish(NOON)
    restored.restore()  # once more, of the time before there was a successor

    name = begin_successor(by=CLERK, because="lost again", at=NOON)

    assert kept is not None
    assert name == f"{old}/3", "the second name was signed for"
    begun = parse_entry(public_entries()[4]).facts
    assert (begun["po"], begun["pz"], begun["pr"]) == (old, 7, b64u(kept.root))
    publish(NOON)
    assert guard.why_refused() == ""


def test_a_successor_names_what_was_published_though_more_is_left() -> None:
    grow(3)
    made = publish(NOON)
    grow(2)
    guard.set_refusal("the witness w1 shows another history")

    begin_successor(by=CLERK, because="they are right", at=NOON)

    assert made is not None
    begun = parse_entry(public_entries()[6]).facts
    assert (begun["pz"], begun["pr"]) == (4, b64u(bytes(made.root)))


def test_what_a_log_that_was_given_up_still_signs_is_not_taken_for_the_newest(
    restored: Backup,
) -> None:
    given_up = guard._path().read_text()
    begin_successor(by=CLERK, because="lost", at=NOON)
    publish(NOON)
    newest = guard._path().read_text()

    with guard.publishing() as keep, pytest.raises(LogBehind, match=r"is of .*/2"):
        keep(given_up)

    assert guard._path().read_text() == newest
    assert guard._path().with_name("given-up-1.note").read_text() == given_up


def killed(*_: object) -> None:
    raise OSError("killed")


def test_killed_between_the_old_logs_last_word_and_the_new_ones_first_it_still_guards(
    restored: Backup, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_up = guard._path().read_text()
    begin_successor(by=CLERK, because="lost", at=NOON)
    with monkeypatch.context() as cut:
        cut.setattr(guard, "write_over", killed)
        with pytest.raises(OSError, match="killed"):
            publish(NOON)

    assert guard._path().read_text() == given_up
    publish(NOON)
    assert guard._path().with_name("given-up-1.note").read_text() == given_up
    kept = guard.last_kept()
    assert kept is not None
    assert kept.size == 5


def test_a_log_that_is_whole_needs_neither(tmp_path: Path) -> None:
    grow(3)
    made = publish(NOON)
    assert made is not None
    write_mirror(tmp_path, made.note, public_entries())

    with pytest.raises(NothingToMend):
        begin_successor(by=CLERK, because="why not", at=NOON)
    with pytest.raises(NothingToMend):
        recover_from(str(tmp_path), by=CLERK, because="", at=NOON)
    assert size_of_log() == 4
