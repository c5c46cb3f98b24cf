"""Who was given a recording is told when it is deleted, restricted or corrected (RET-15)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError
from tests.world import force
from tests.world.keeping import DAY, DUE, ENGINE, delivered, kinds_of, swept

from custodes.custody.models import Entry
from custodes.people.rules import Role, Viewer
from custodes.recordings.actions.prove import hand_out_package
from custodes.recordings.actions.recipients import Given, note_recipient
from custodes.recordings.actions.take_record import Handed
from custodes.recordings.actions.watch import fetch
from custodes.recordings.errors import Unusable
from custodes.recordings.models import Recipient
from custodes.retention.actions import notices
from custodes.retention.actions.notices import note_sent, queue_notices
from custodes.retention.actions.place import name_place_and_tell
from custodes.retention.actions.sweep import rehearse, run
from custodes.retention.errors import NoticeRefused
from custodes.retention.models import Notice, Tombstone
from custodes.retention.notices import letter_of, notices_for, number_to_send
from custodes.retention.rules.notices import Change

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vault_of_its_own")]
AT = force.NOON + DAY


@pytest.fixture
def unit() -> Viewer:
    return force.person("Unit", Role.EVIDENCE_UNIT).as_viewer("web")


def test_two_who_were_given_it_are_owed_two_notices_when_it_is_deleted(unit: Viewer) -> None:
    recording, other = delivered("r1"), delivered("r2")
    for name in ("CPS London", "A Solicitor"):
        handed = Handed(name, "first hearing")
        hand_out_package(unit, recording, opened=set(), handed=handed, at=AT)

    swept(DUE)

    owed = notices_for(unit)
    assert {str(each.recipient) for each in owed} == {"CPS London", "A Solicitor"}
    assert {each.change for each in owed} == {Change.ERASED}
    assert number_to_send(unit) == 2
    assert kinds_of(recording)[-3:] == ["recording.deleted", "notice.queued", "notice.queued"]
    assert kinds_of(other)[-1] == "recording.deleted"


def test_who_fetched_a_file_is_told_too_and_only_once(unit: Viewer) -> None:
    recording = delivered()
    for _ in range(2):
        fetch(unit, recording.originals.get(), "original", "for the laboratory", at=AT)

    swept(DUE)

    notice = Notice.objects.get()
    assert Recipient.objects.count() == 2
    assert (notice.recipient.name, notice.recipient.person_id) == ("Unit", unit.person)
    assert notice.recipient.what == "the original of a file"


def test_a_letter_names_the_recording_and_nothing_that_is_filmed(unit: Viewer) -> None:
    recording = delivered()
    note_recipient(recording, Given("A Solicitor", "a clip", contact="dx 123"), at=AT)
    queue_notices(
        [recording.pk], Change.CORRECTED, "The camera's clock was an hour late.", by=ENGINE, at=AT
    )

    letter = letter_of(unit, Notice.objects.get(), "Example Police")

    assert recording.handle in letter
    assert "The camera's clock was an hour late." in letter
    assert "X100" not in letter


def test_a_letter_says_the_days_by_the_clock_on_the_wall(unit: Viewer) -> None:
    recording = delivered()
    just_past_midnight = datetime(2027, 6, 30, 23, 30, tzinfo=UTC)  # 00:30 BST on 1 July
    note_recipient(recording, Given("A Solicitor", "a clip"), at=just_past_midnight)
    later = just_past_midnight + DAY
    queue_notices([recording.pk], Change.CORRECTED, "A place.", by=ENGINE, at=later)

    letter = letter_of(unit, Notice.objects.get(), "Example Police")

    assert "On 1 July 2027 Example Police gave you a clip" in letter
    assert "This was on 2 July 2027." in letter


def test_a_notice_is_sent_once_and_says_how(unit: Viewer) -> None:
    recording = delivered()
    note_recipient(recording, Given("A Solicitor", "a clip"), at=AT)
    queue_notices([recording.pk], Change.RESTRICTED, by=ENGINE, at=AT)
    notice = Notice.objects.get()
    with pytest.raises(NoticeRefused, match="Say how"):
        note_sent(unit, notice, " ", at=AT)

    note_sent(unit, notice, "by secure e-mail", at=AT + DAY)

    notice.refresh_from_db()
    assert (notice.sent_at, notice.sent_by) == (AT + DAY, "Unit")
    assert number_to_send(unit) == 0
    assert kinds_of(recording)[-1] == "notice.sent"
    with pytest.raises(NoticeRefused, match="sent already"):
        note_sent(unit, notice, "again", at=AT)


def test_who_does_not_send_notices_does_not_see_them() -> None:
    recording = delivered()
    note_recipient(recording, Given("A Solicitor", "a clip"), at=AT)
    queue_notices([recording.pk], Change.ERASED, by=ENGINE, at=AT)
    officer = force.person("Okafor").as_viewer("web")

    assert notices_for(officer).count() == 0
    with pytest.raises(NoticeRefused, match="None of your roles"):
        note_sent(officer, Notice.objects.get(), "by hand", at=AT)


def test_nothing_is_deleted_if_its_notices_cannot_be_queued(
    unit: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = delivered()
    note_recipient(recording, Given("A Solicitor", "a clip"), at=AT)
    sweep = rehearse(by=ENGINE, at=DUE)

    def refuses(*_: object, **__: object) -> None:
        raise DatabaseError("the log cannot be written")

    monkeypatch.setattr(notices, "record_all", refuses)
    with pytest.raises(DatabaseError):
        run(sweep, by=ENGINE, at=DUE)

    assert not Tombstone.objects.exists()
    assert not Notice.objects.exists()
    assert recording.originals.exists()


def test_nothing_personal_of_a_recipient_stands_in_the_public_entry(unit: Viewer) -> None:
    recording = delivered()
    note_recipient(recording, Given("Seeded Name", "a clip"), at=AT)
    queue_notices([recording.pk], Change.ERASED, by=ENGINE, at=AT)

    assert b"Seeded" not in bytes(Entry.objects.get(kind="notice.queued").data)


def test_who_was_given_it_is_told_when_its_place_was_wrong_and_not_which(unit: Viewer) -> None:
    recording = delivered()
    for name in ("CPS London", "A Solicitor"):
        note_recipient(recording, Given(name, "a clip"), at=AT)
    name_place_and_tell(unit, recording, "Brixton Road", at=AT)
    name_place_and_tell(unit, recording, " Brixton  Road", at=AT)
    assert not Notice.objects.exists()

    name_place_and_tell(unit, recording, "Electric Avenue", at=AT)

    owed = notices_for(unit)
    assert {str(each.recipient) for each in owed} == {"CPS London", "A Solicitor"}
    assert {each.change for each in owed} == {Change.CORRECTED}
    assert kinds_of(recording)[-3:] == ["recording.placed", "notice.queued", "notice.queued"]
    letter = letter_of(unit, owed[0], "Example Police")
    assert "The place that was noted for it was wrong" in letter
    assert "Brixton" not in letter
    assert "Electric" not in letter


def test_of_a_place_that_could_not_be_corrected_nobody_is_told(unit: Viewer) -> None:
    recording = delivered()
    note_recipient(recording, Given("A Solicitor", "a clip"), at=AT)
    name_place_and_tell(unit, recording, "Brixton Road", at=AT)

    with pytest.raises(Unusable):
        name_place_and_tell(unit, recording, " ", at=AT)

    assert not Notice.objects.exists()
