"""Details of old entries are erased by two people; entries and proofs stay what they were."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.world import force

from custodes.custody.bodies import open_body
from custodes.custody.erasing import forgettable, number_forgettable, planned
from custodes.custody.errors import ErasureRefused
from custodes.custody.events import RecordingsSearched
from custodes.custody.models import BodyKey, Entry
from custodes.custody.queries import acts_of, history_of, tell
from custodes.custody.report import lines, sentence
from custodes.custody.rules import may_be_forgotten
from custodes.kernel.clock import now
from custodes.kernel.digest import sha256
from custodes.kernel.errors import Damaged
from custodes.ledger.entry import commitment_from, disclosure, parse_entry
from custodes.ledger.tree import leaf_hash
from custodes.people.actions import note_sign_in
from custodes.people.errors import NotAllowed
from custodes.people.models import Person
from custodes.people.rules import Role, Viewer
from custodes.recordings.actions.find import note_search
from custodes.recordings.actions.watch import open_page
from custodes.recordings.errors import NeedsAReason
from custodes.retention.actions.erase_details import agree_to_erasure, ask_for_erasure

pytestmark = pytest.mark.django_db

LATER = force.NOON.replace(year=force.NOON.year + 8)


@pytest.fixture
def okafor() -> Person:
    """Return somebody who signed in, searched and looked at a recording, long ago."""
    okafor = force.person("Okafor")
    viewer = okafor.as_viewer("web")
    recording = force.recording(force.camera("X1", okafor))
    note_sign_in(okafor, address="10.0.0.7", by=viewer.actor, at=force.NOON)
    note_search(viewer, {"place": "Brixton"}, "1", at=force.NOON)
    open_page(viewer, recording, at=force.NOON)
    return okafor


@pytest.fixture
def records() -> Viewer:
    return force.person("Records", Role.RECORDS).as_viewer("web")


@pytest.fixture
def auditor() -> Viewer:
    return force.person("Auditor", Role.AUDITOR).as_viewer("web")


def sign_in_of(person: Person) -> Entry:
    return Entry.objects.get(subject=person.handle, kind="person.signed_in")


def test_two_people_erase_and_the_history_says_when(
    okafor: Person, records: Viewer, auditor: Viewer
) -> None:
    assert ask_for_erasure(records, "the seven years are over", at=LATER) == 2
    assert history_of(okafor.handle)[-1].fields["asked"] == "place Brixton"

    erased = agree_to_erasure(auditor, "checked", at=LATER + timedelta(days=1))

    assert erased == 2
    said = [line.sentence for line in lines(history_of(okafor.handle))]
    assert said[1:] == [
        "A person signed in. Its details were erased on 15 November 2034.",
        f"{RecordingsSearched.__doc__} Its details were erased on 15 November 2034.",
    ]
    told = tell(Entry.objects.get(kind="metadata.erased"))
    assert sentence(told).startswith("Auditor erased the details of 2 old entries")
    assert "as Records had asked" in sentence(told)
    assert told.facts == {"c": 2, "u": planned_before(told.subject), "r": "custodes-forgetting/v1"}


def planned_before(subject: str) -> int:
    asked = history_of(subject)[0]
    before: int = asked.facts["u"]
    return before


def test_after_an_erasure_every_proof_still_holds(
    okafor: Person, records: Viewer, auditor: Viewer
) -> None:
    kept = sign_in_of(okafor)
    seed, fields = open_body(bytes(kept.body), kept.index, kept.body_key)
    given_before = [disclosure(seed, name, value) for name, value in fields.items()]
    before = [(bytes(e.data), bytes(e.leaf)) for e in Entry.objects.order_by("index")]

    ask_for_erasure(records, "old", at=LATER)
    agree_to_erasure(auditor, "old", at=LATER)

    after = [(bytes(e.data), bytes(e.leaf)) for e in Entry.objects.order_by("index")]
    assert after[: len(before)] == before
    assert all(leaf_hash(data) == leaf for data, leaf in after)
    # what was opened to somebody before is still what was written then
    committed = parse_entry(bytes(sign_in_of(okafor).data)).body
    assert commitment_from(sha256(one) for one in given_before) == committed


def test_after_an_erasure_no_field_can_be_opened_again(
    okafor: Person, records: Viewer, auditor: Viewer
) -> None:
    kept = sign_in_of(okafor)
    sealed = bytes(kept.body)
    ask_for_erasure(records, "old", at=LATER)
    agree_to_erasure(auditor, "old", at=LATER)

    erased = sign_in_of(okafor)
    assert bytes(erased.body) == b""
    assert erased.who is None
    assert (tell(erased).fields, tell(erased).seed) == ({}, b"")
    assert acts_of(okafor.handle, force.NOON, force.NOON + timedelta(days=1))[0].kind == (
        "recording.opened_page"
    )
    with pytest.raises(Damaged):
        open_body(bytes(erased.body), erased.index, erased.body_key)
    assert not any(sealed in bytes(e.body) for e in Entry.objects.all())


def test_what_is_about_a_recording_that_is_held_keeps_its_details(
    okafor: Person, records: Viewer, auditor: Viewer
) -> None:
    ask_for_erasure(records, "old", at=LATER)
    agree_to_erasure(auditor, "old", at=LATER)

    looked = Entry.objects.get(kind="recording.opened_page")
    assert tell(looked).fields["actor"] == "Okafor"


def test_the_one_who_asked_cannot_agree_and_nothing_is_erased(
    okafor: Person, records: Viewer
) -> None:
    ask_for_erasure(records, "old", at=LATER)
    before = Entry.objects.count()

    with pytest.raises(ErasureRefused, match="cannot also agree"):
        agree_to_erasure(records, "old", at=LATER)

    assert Entry.objects.count() == before
    assert not Entry.objects.exclude(erased_in=None).exists()


def test_an_erasure_is_carried_out_once(okafor: Person, records: Viewer, auditor: Viewer) -> None:
    ask_for_erasure(records, "old", at=LATER)
    agree_to_erasure(auditor, "old", at=LATER)

    assert planned() is None
    with pytest.raises(ErasureRefused, match="Nobody has asked"):
        agree_to_erasure(auditor, "old", at=LATER)


def test_nothing_is_old_enough_before_its_years_are_over(okafor: Person, records: Viewer) -> None:
    with pytest.raises(ErasureRefused, match="old enough"):
        ask_for_erasure(records, "old", at=force.NOON.replace(year=force.NOON.year + 6))


@pytest.mark.parametrize("role", [r for r in Role if r not in {Role.RECORDS, Role.AUDITOR}])
def test_no_other_role_erases_or_agrees(role: Role, okafor: Person, records: Viewer) -> None:
    viewer = force.person(f"The {role.value}", role).as_viewer("web")
    ask_for_erasure(records, "old", at=LATER)

    with pytest.raises(NotAllowed):
        ask_for_erasure(viewer, "old", at=LATER)
    with pytest.raises(NotAllowed):
        agree_to_erasure(viewer, "old", at=LATER)
    assert not Entry.objects.exclude(erased_in=None).exists()


def test_an_erasure_needs_a_reason_of_each(
    okafor: Person, records: Viewer, auditor: Viewer
) -> None:
    with pytest.raises(NeedsAReason):
        ask_for_erasure(records, " ", at=LATER)
    ask_for_erasure(records, "old", at=LATER)
    with pytest.raises(NeedsAReason):
        agree_to_erasure(auditor, "", at=LATER)


def test_the_table_is_asked_for_exactly_what_the_rule_lets_go(okafor: Person) -> None:
    viewed = Entry.objects.get(kind="recording.opened_page")
    open_page(
        okafor.as_viewer("web"),
        force.recording(force.camera("X2", okafor), "r2"),
        at=force.NOON + timedelta(days=1),
    )
    # no recording can be deleted yet; what the entry will be called is written here
    last = Entry.objects.order_by("-index")[0]
    Entry.objects.filter(pk=last.pk).update(kind="recording.deleted")
    for entry in Entry.objects.all():
        ended = Entry.objects.filter(subject=entry.subject, kind="recording.deleted").first()
        allowed = may_be_forgotten(entry.kind, entry.at, ended and ended.at, 7, LATER)
        assert forgettable(last.index + 1).filter(pk=entry.pk).exists() == allowed, entry
    assert not forgettable(last.index + 1).filter(pk=viewed.pk).exists()
    assert forgettable(last.index + 1).filter(subject=last.subject).count() > 1
    assert number_forgettable(7, now()) == 0


def test_the_key_of_a_month_of_which_nothing_is_left_is_destroyed(
    okafor: Person, records: Viewer, auditor: Viewer
) -> None:
    month = sign_in_of(okafor).body_key
    Entry.objects.filter(body_key=month).exclude(kind__in=["person.signed_in"]).update(
        kind="recordings.searched"
    )

    ask_for_erasure(records, "old", at=LATER)
    agree_to_erasure(auditor, "old", at=LATER)

    month.refresh_from_db()
    assert bytes(month.wrapped) == b""
    assert BodyKey.objects.exclude(wrapped=b"").exists()
