"""What authorities stamp is kept as it came, over the note, and openssl takes it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.custody.logs import configure, grow
from tests.world.authority import Authority, authority, openssl
from tests.world.force import CLERK, NOON

from custodes.custody.checkpoints import (
    HEARTBEAT_EVERY,
    beat_if_due,
    close_day_if_due,
    newest_checkpoint,
    publish,
)
from custodes.custody.health import Fault, log_health
from custodes.custody.models import Entry, Outsider, Token
from custodes.custody.queries import newest
from custodes.custody.timestamps import stamp_what_is_due
from custodes.kernel.clock import now
from custodes.kernel.digest import b64u
from custodes.ledger.entry import parse_entry

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stamping(tmp_path: Path, settings: Any) -> Iterator[Authority]:
    with authority(tmp_path / "tsa") as made:
        configure(settings, timestamp_authorities=(made.url,), timestamp_roots=made.root)
        grow(2)
        publish(NOON)
        yield made


def test_openssl_takes_what_is_kept_over_the_archived_note(
    stamping: Authority, tmp_path: Path
) -> None:
    stamp_what_is_due(by=CLERK, at=NOON)

    checkpoint = newest_checkpoint()
    assert checkpoint is not None
    [stamp] = checkpoint.stamps
    note, answer = tmp_path / "checkpoint.note", tmp_path / "answer.tsr"
    note.write_text(checkpoint.archived)
    answer.write_bytes(stamp.answer)
    verify = ["ts", "-verify", "-data", note, "-in", answer, "-CAfile", stamping.root]
    done = openssl(*verify, "-untrusted", stamping.folder / "tsa.pem")
    assert b"Verification: OK" in done.stdout + done.stderr
    assert abs(stamp.at - now()) < timedelta(minutes=5)
    note.write_text(checkpoint.archived.replace("\n3\n", "\n4\n"))
    assert openssl(*verify, check=False).returncode != 0


def test_a_stamp_has_an_entry_that_commits_to_the_token(stamping: Authority) -> None:
    stamp_what_is_due(by=CLERK, at=NOON)

    token = Token.objects.get()
    entry = Entry.objects.get(kind="checkpoint.timestamped")
    digest = hashlib.sha256(bytes(token.answer)).digest()
    assert parse_entry(bytes(entry.data)).facts == {"h": b64u(digest), "z": 3}
    [told] = newest("checkpoint.timestamped")
    assert told.fields["authority"] == stamping.url


def test_checkpoints_are_stamped_hourly_and_those_that_close_a_day(stamping: Authority) -> None:
    at = now()
    for minutes in range(0, 125, 5):
        grow(1)
        publish(at)
        stamp_what_is_due(by=CLERK, at=at + timedelta(minutes=minutes))
    assert [token.checkpoint_id for token in Token.objects.order_by("pk")] == [4, 17, 30]

    close_day_if_due(at + timedelta(days=1))
    stamp_what_is_due(by=CLERK, at=at)
    assert len(stamping.asked) == 4
    stamp_what_is_due(by=CLERK, at=at)
    assert len(stamping.asked) == 4


def test_an_answer_that_is_not_a_token_over_the_note_is_not_kept(
    stamping: Authority, settings: Any, tmp_path: Path
) -> None:
    stamp_what_is_due(by=CLERK, at=NOON)
    old = bytes(Token.objects.get().answer)
    grow(1)
    publish(NOON)

    def trouble(answer: bytes | None) -> str:
        stamping.answer = answer
        stamp_what_is_due(by=CLERK, at=now() + timedelta(hours=2))
        assert Token.objects.count() == 1
        return Outsider.objects.get(name=stamping.url).trouble

    assert "cannot be read" in trouble(b"nonsense")
    assert "something else" in trouble(old)
    refusal = bytes.fromhex("30053003020102")  # RFC 3161 s2.4.2: a status of rejection alone
    assert trouble(refusal)
    with authority(tmp_path / "other") as other:
        configure(settings, timestamp_roots=other.root)
        assert "trusted root" in trouble(None)
    assert not Entry.objects.filter(kind="checkpoint.timestamped").count() > 1


def test_an_authority_is_late_after_three_hours(settings: Any) -> None:
    configure(settings, timestamp_authorities=("http://127.0.0.1:9/tsa",))
    grow(1)
    publish(NOON)
    stamp_what_is_due(by=CLERK, at=NOON)
    beat_if_due(by=CLERK, at=NOON + HEARTBEAT_EVERY)

    def faults(hours: float) -> set[Fault]:
        found = log_health(NOON + timedelta(hours=hours))
        return {finding.fault for finding in found}

    assert Fault.AUTHORITY_LATE not in faults(2.9)
    assert Fault.AUTHORITY_LATE in faults(3)
