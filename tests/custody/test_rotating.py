"""New keys for the log: with the old policy or with the new one, everybody can go on checking."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.conf import settings as django_settings
from tests.custody.logs import configure, grow
from tests.world.force import CLERK, NOON

from custodes.cli.ledger import command as ledger
from custodes.custody import rotating, strongroom
from custodes.custody.checkpoints import newest_checkpoint, publish
from custodes.custody.models import Entry, PublishedCheckpoint
from custodes.custody.outside import own_policy
from custodes.custody.queries import newest as newest_entries
from custodes.custody.rotating import RotationRefused, add_keys, retire_old_keys
from custodes.intake.receipts import receipt_key, write_receipt
from custodes.ledger.keys import Kind, VerifierKey
from custodes.ledger.note import UnknownSigners
from custodes.ledger.policy import Policy, verify_note
from custodes.ledger.receipt import ReceiptInvalid, open_receipt

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_keys(settings: Any, tmp_path: Any) -> None:
    configure(settings, home=tmp_path / "home")
    grow(3)
    publish(NOON)


def add() -> None:
    add_keys(by=CLERK, because="five years old", at=NOON)


def retire() -> None:
    retire_old_keys(by=CLERK, because="everybody has the new ones", at=NOON)


def newest() -> str:
    checkpoint = newest_checkpoint()
    assert checkpoint is not None
    return checkpoint.note


def policy() -> Policy:
    return Policy.parse(str(own_policy()))


def test_between_the_steps_the_old_policy_and_the_new_one_both_believe_the_log() -> None:
    old = policy()

    add()

    assert Entry.objects.order_by("-index").values_list("kind", flat=True)[0] == "key.rotate"
    assert len(policy().logs) == 2 * len(old.logs)
    for believes in (old, policy()):
        assert verify_note(believes, newest()).checkpoint.size == 5


def test_after_both_steps_the_old_key_signs_nothing_and_what_it_signed_is_still_believed() -> None:
    old, before = policy(), newest()
    add()
    retire()
    grow(1)
    publish(NOON)

    with pytest.raises(UnknownSigners):
        verify_note(old, newest())
    for note in (before, newest()):
        verify_note(policy(), note)
    last_of_old = PublishedCheckpoint.objects.get(size=6)
    assert verify_note(old, last_of_old.note).checkpoint.size == 6
    kinds = [signer.kind for signer in strongroom.signers()]
    assert len(kinds) == len(set(kinds))
    assert Kind.ED25519 in kinds


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([retire], "no newer ones"),
        ([add, add], "not finished"),
        ([add, retire, retire], "no newer"),
    ],
)
def test_a_step_that_is_not_the_next_one_changes_nothing(
    steps: list[Callable[[], None]], said: str
) -> None:
    for step in steps[:-1]:
        step()
    before = strongroom.signers(), Entry.objects.count()

    with pytest.raises(RotationRefused, match=said):
        steps[-1]()

    assert (strongroom.signers(), Entry.objects.count()) == before


@pytest.mark.parametrize("unlinked", [0, 1])
def test_a_retirement_that_was_killed_is_finished_and_entered_once(
    monkeypatch: pytest.MonkeyPatch, unlinked: int
) -> None:
    add()
    new = strongroom.generations()[1]
    left, unlink = [unlinked], Path.unlink

    def killed(path: Path, missing_ok: bool = False) -> None:
        if path.suffix == ".key":
            if not left[0]:
                raise InterruptedError
            left[0] -= 1
        unlink(path, missing_ok=missing_ok)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", killed)
        with pytest.raises(InterruptedError):
            retire()

    retire()

    assert Entry.objects.filter(kind="key.rotate").count() == 2
    assert strongroom.generations() == [new]


def test_keys_whose_coming_cannot_be_entered_sign_nothing_and_come_with_the_next_try(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = strongroom.signers()
    with monkeypatch.context() as patched:
        patched.setattr(rotating, "record", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            add()
    assert (strongroom.signers(), strongroom.verifiers()[len(before) :]) == (before, ())

    add()

    assert Entry.objects.filter(kind="key.rotate").count() == 1
    assert len(strongroom.generations()) == 2


def test_keys_that_were_entered_when_it_was_killed_are_taken_up_and_entered_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(strongroom, "take_up_signers", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            add()
    [told] = newest_entries("key.rotate")

    add()

    assert Entry.objects.filter(kind="key.rotate").count() == 1
    names = {rotating._name(key.verifier) for key in strongroom.generations()[1]}
    assert set(told.facts["a"].split()) == names


def test_a_generation_of_which_one_key_was_written_is_made_whole() -> None:
    [first] = strongroom.generations()
    [path] = (django_settings.CUSTODES.home / "keys").glob("log-ml-dsa-44.key")
    path.unlink()

    [again] = strongroom.generations()

    assert [key.kind for key in again] == [key.kind for key in first]
    assert again[0].verifier == first[0].verifier


def test_another_key_under_a_name_that_was_known_is_read_anew() -> None:
    before = {key.verifier for key in strongroom.signers()}
    for path in (django_settings.CUSTODES.home / "keys").glob("log-*.key"):
        path.unlink()

    assert not before & {key.verifier for key in strongroom.signers()}


def test_a_dock_that_knows_the_old_key_or_the_new_one_believes_receipts_between_the_steps() -> None:
    old = VerifierKey.parse(receipt_key())
    add()
    new = VerifierKey.parse(receipt_key())
    said = ("r" * 22, "o" * 22)

    note = write_receipt(
        *said, name="a.mp4", sha256="ab" * 32, size=1, entry=1, leaf=bytes(32), at=NOON
    )
    assert open_receipt(note, old) == open_receipt(note, new)
    retire()
    note = write_receipt(
        *said, name="a.mp4", sha256="ab" * 32, size=1, entry=1, leaf=bytes(32), at=NOON
    )

    assert open_receipt(note, new)
    with pytest.raises(ReceiptInvalid):
        open_receipt(note, old)


def test_a_second_rotation_follows_the_first_and_the_command_says_what_is_next() -> None:
    for words in (["--because", "old"], ["--because", "known", "--retire-old"]) * 2:
        done = CliRunner().invoke(ledger, ["rotate-key", *words])
        assert done.exit_code == 0, done.output

    refused = CliRunner().invoke(ledger, ["rotate-key", "--because", " "])

    assert (refused.exit_code, "Give a reason" in refused.output) == (1, True)
    assert len(strongroom.verifiers()) == 3 * len(strongroom.signers())
