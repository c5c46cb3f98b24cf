"""What is given out of the log leads others to its root, and never past a checkpoint."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import transaction
from django.test import Client
from tests.ledger.test_export import check, files
from tests.world.force import CLERK, NOON

from custodes.cli.main import main
from custodes.custody.actions import record_all
from custodes.custody.appending import Happening
from custodes.custody.checkpoints import publish
from custodes.custody.events import NoteAdded
from custodes.custody.models import Entry
from custodes.custody.outside import own_policy
from custodes.custody.publishing import (
    FolderRefused,
    NothingPublished,
    export_to,
    prove_entry,
    prove_subject,
)
from custodes.kernel.errors import NotFound
from custodes.ledger.proof import LogProof, NotIncluded, verify_proof
from custodes.ledger.tree import leaf_hash

pytestmark = pytest.mark.django_db

SUBJECT = "s" * 22


@transaction.atomic
def write(count: int) -> None:
    happenings = [Happening(NoteAdded(text=str(number)), SUBJECT) for number in range(count)]
    record_all(happenings, by=CLERK, at=NOON)


@pytest.fixture
def published(db: None) -> None:
    """Publish a checkpoint over 300 entries, and enter five more that it does not cover."""
    write(300)
    publish(NOON)
    write(5)


def test_the_export_reaches_as_far_as_the_checkpoint_and_leads_to_its_root(
    published: None, tmp_path: Path
) -> None:
    assert export_to(tmp_path).size == 300
    assert check(tmp_path) == 300

    publish(NOON)
    export_to(tmp_path)

    assert check(tmp_path) == 305
    assert "tile/0/001.p/44" in files(tmp_path), "somebody may hold the older checkpoint"


def test_nothing_is_given_out_before_there_is_a_checkpoint(db: None, tmp_path: Path) -> None:
    write(3)

    for ask in (lambda: export_to(tmp_path / "log"), lambda: prove_entry(1)):
        with pytest.raises(NothingPublished):
            ask()

    assert not (tmp_path / "log").exists()
    assert Client().get("/custody/checkpoint").status_code == 404


def test_a_folder_of_another_log_is_refused_in_a_sentence(published: None, tmp_path: Path) -> None:
    (tmp_path / "checkpoint").write_text("hello\n")

    with pytest.raises(FolderRefused, match="is not a checkpoint"):
        export_to(tmp_path)

    assert list(files(tmp_path)) == ["checkpoint"]


def test_every_entry_of_a_subject_is_proven_but_those_no_checkpoint_covers(
    published: None,
) -> None:
    proofs = prove_subject(SUBJECT)

    assert (len(proofs.proven), proofs.waiting) == (300, [300, 301, 302, 303, 304])
    for each in (proofs.proven[0], proofs.proven[256]):
        text = str(each.proof)
        held = verify_proof(LogProof.parse(text), leaf_hash(each.data), own_policy())
        assert held.checkpoint.size == 300
        with pytest.raises(NotIncluded):
            verify_proof(each.proof, leaf_hash(each.data + b" "), own_policy())


def test_what_is_not_in_the_log_is_not_proven(published: None) -> None:
    for ask in (lambda: prove_entry(305), lambda: prove_subject("t" * 22)):
        with pytest.raises(NotFound):
            ask()


def test_strangers_read_the_checkpoint_and_the_tiles_it_covers(published: None) -> None:
    note = Client().get("/custody/checkpoint")
    full, partial = Client().get("/custody/tile/0/000"), Client().get("/custody/tile/0/001.p/44")

    leaves = [bytes(entry.leaf) for entry in Entry.objects.order_by("index")]
    assert note["Content-Type"] == "text/plain; charset=utf-8"
    assert note["Cache-Control"] == "public, max-age=5"
    assert note.content.decode().split("\n")[1] == "300"
    assert full.content == b"".join(leaves[:256])
    assert partial.content == b"".join(leaves[256:300])
    assert full["Content-Type"] == "application/octet-stream"
    assert "immutable" in full["Cache-Control"]
    assert not full.cookies
    assert Client().post("/custody/tile/0/000").status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/001.p/45", "tile/0/001", "tile/0/002.p/1", "tile/2/000.p/1", "tile/0/1", "tile/0/",
        "tile/entries/000", "tile/0/../0/000", "tile/9999999999/000",
        "tile/0/" + "x999/" * 9 + "999",
    ],
)  # fmt: skip
def test_anything_else_is_not_there(path: str, published: None) -> None:
    answer = Client().get(f"/custody/{path}")

    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("text/plain")


def test_entries_are_public_only_when_that_was_set(published: None, settings: object) -> None:
    ask = "/custody/tile/entries/001.p/44"
    assert Client().get(ask).status_code == 404

    config = settings.CUSTODES  # type: ignore[attr-defined]
    settings.CUSTODES = config.model_copy(update={"publish_level": 2})  # type: ignore[attr-defined]
    bundle = Client().get(ask).content
    settings.CUSTODES = config.model_copy(update={"publish_level": 0})  # type: ignore[attr-defined]

    first = bytes(Entry.objects.get(index=256).data)
    assert bundle.startswith(len(first).to_bytes(2, "big") + first)
    assert Client().get("/custody/tile/0/000").status_code == 404
    assert Client().get("/custody/checkpoint").status_code == 200


def test_the_commands_say_what_they_did(published: None, tmp_path: Path) -> None:
    def run(*words: str) -> tuple[int, dict[str, object]]:
        done = CliRunner().invoke(main, ["ledger", *words, "--json"])
        return done.exit_code, json.loads(done.stdout)

    code, said = run("status")
    assert (code, said["size"], said["waiting"], said["wrong"]) == (0, 305, 5, [])

    assert run("export", str(tmp_path / "log")) == (0, {"size": 300, "written": 5})
    assert check(tmp_path / "log") == 300

    code, said = run("prove", "7", "--to", str(tmp_path))
    assert (code, said) == (0, {"size": 300, "proven": [7], "waiting": []})
    proof = LogProof.parse((tmp_path / "7.tlog-proof").read_text())
    leaf = leaf_hash((tmp_path / "7.entry.json").read_bytes())
    assert verify_proof(proof, leaf, own_policy()).checkpoint.size == 300

    assert run("prove", "301", "--to", str(tmp_path))[0] == 1
    assert run("prove", "x" * 22, "--to", str(tmp_path))[0] == 1
