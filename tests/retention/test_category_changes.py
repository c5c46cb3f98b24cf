"""Who changes a category alone lets nothing go sooner; a second person who agrees does (RET-01)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.world import force
from tests.world.keeping import DAY, DUE, delivered, kinds_of, swept

from custodes.custody.models import Entry
from custodes.custody.queries import history_of
from custodes.people.models import Person
from custodes.people.rules import Role, Viewer
from custodes.recordings.actions.annotate import Chosen, classify, classify_together
from custodes.recordings.models import Recording
from custodes.retention.actions.night import take_notice
from custodes.retention.actions.recategorise import agree_to_category
from custodes.retention.category_changes import (
    changes_of,
    changes_that_wait,
    number_of_changes,
)
from custodes.retention.errors import CategoryRefused
from custodes.retention.models import Outlook
from custodes.retention.queries import explain
from custodes.retention.rules.decision import Verdict

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vault_of_its_own")]

AT = DUE + 60 * DAY
LATER = AT + timedelta(hours=1)


@pytest.fixture
def wearer() -> Person:
    """Return who filmed it; a records manager, too, and still its wearer."""
    return force.person("PC Okafor", Role.OFFICER, Role.RECORDS)


@pytest.fixture
def records() -> Viewer:
    return force.person("Records", Role.RECORDS).as_viewer("web")


@pytest.fixture
def recording(wearer: Person, records: Viewer) -> Recording:
    """Return a recording of an arrest."""
    force.camera("X100", wearer)
    recording = delivered()
    unit = force.person("Unit", Role.EVIDENCE_UNIT).as_viewer("web")
    classify(unit, recording, "arrest", at=force.NOON + DAY)
    return recording


def reclassified(by: Viewer, recording: Recording, code: str) -> None:
    """Put it in another category, and note what the rules say, as the worker does."""
    classify(by, recording, code, at=AT)
    take_notice(recording.handle, by=force.CLERK, at=AT)


def test_a_wearer_who_calls_their_arrest_a_test_deletes_nothing(
    recording: Recording, wearer: Person, records: Viewer
) -> None:
    reclassified(wearer.as_viewer("web"), recording, "test")

    assert swept(AT + DAY).disposed == 0
    decision = explain(records, recording.handle, AT)
    assert (decision.verdict, decision.lines, decision.waits) == (
        Verdict.KEEP, ("E0", "N1"), True,
    )  # fmt: skip
    assert "as its category was before; nobody else has agreed" in decision.reasons[0]
    assert list(changes_that_wait(records)) == [recording]
    assert number_of_changes(records) == 1


def test_a_second_person_agrees_and_it_goes_after_the_days_of_grace(
    recording: Recording, wearer: Person, records: Viewer
) -> None:
    reclassified(wearer.as_viewer("web"), recording, "test")

    agree_to_category(records, recording, "test", "the arrest was another night", at=LATER)

    entry = list(history_of(recording.handle))[-1]
    assert entry.kind == "recording.category_agreed"
    told = entry.fields["before"], entry.fields["after"], entry.fields["because"]
    assert told == ("Arrest", "Test or accidental", "the arrest was another night")
    assert not changes_that_wait(records).exists()
    assert explain(records, recording.handle, LATER).due == LATER + 14 * DAY
    assert swept(LATER + 14 * DAY - timedelta(minutes=1)).disposed == 0
    assert swept(LATER + 14 * DAY).disposed == 1
    assert kinds_of(recording)[-1] == "recording.deleted"


def test_neither_who_changed_it_nor_who_filmed_it_agrees_nor_a_role_that_may_not(
    recording: Recording, wearer: Person, records: Viewer
) -> None:
    unit = force.person("Second unit", Role.EVIDENCE_UNIT).as_viewer("web")
    reclassified(records, recording, "stop-search")
    before = Entry.objects.count()

    for viewer, words in (
        (records, "You changed it yourself"),
        (wearer.as_viewer("web"), "You filmed it yourself"),
        (unit, "None of your roles"),
    ):
        with pytest.raises(CategoryRefused, match=words):
            agree_to_category(viewer, recording, "stop-search", "it is", at=LATER)

    assert Entry.objects.count() == before
    recording.refresh_from_db()
    assert (recording.category_before, recording.category_agreed_at) == ("arrest", None)


def test_agreement_is_to_what_was_seen_for_a_reason_and_only_to_what_waits(
    recording: Recording, wearer: Person, records: Viewer
) -> None:
    with pytest.raises(CategoryRefused, match="Nothing about the category"):
        agree_to_category(records, recording, "arrest", "fine", at=AT)
    reclassified(wearer.as_viewer("web"), recording, "test")
    with pytest.raises(CategoryRefused, match="at most 500 characters why"):
        agree_to_category(records, recording, "test", " ", at=LATER)
    reclassified(wearer.as_viewer("web"), recording, "stop-search")

    with pytest.raises(CategoryRefused, match="changed again meanwhile"):
        agree_to_category(records, recording, "test", "it was a test", at=LATER)

    assert list(changes_that_wait(records)) == [recording]


def test_several_changes_in_a_row_do_not_lose_the_strictest_and_a_change_back_is_back(
    recording: Recording, wearer: Person, records: Viewer
) -> None:
    own = wearer.as_viewer("web")
    for code in ("complaint", "test", "stop-search", "test"):
        reclassified(own, recording, code)

    [waits] = changes_of(records, list(changes_that_wait(records)))
    assert waits.before == ("Arrest", "Complaint expected", "Stop and search")
    assert explain(records, recording.handle, AT).lines[0] in {"C1", "E0"}

    reclassified(own, recording, "complaint")

    assert not changes_that_wait(records).exists()
    assert explain(records, recording.handle, AT).lines == ("C1",)


def test_a_change_that_keeps_longer_or_as_long_waits_for_nobody(
    recording: Recording, wearer: Person, records: Viewer
) -> None:
    for code in ("traffic", "complaint"):
        reclassified(wearer.as_viewer("web"), recording, code)

        assert not changes_that_wait(records).exists()
        assert not explain(records, recording.handle, AT).waits


def test_what_a_camera_or_a_first_choice_says_asks_for_nobody(
    wearer: Person, records: Viewer
) -> None:
    force.camera("X100", wearer)
    chosen, named = delivered("r1"), delivered("r2")
    classify_together({chosen.pk: Chosen("test")}, by=force.CLERK, at=force.NOON + DAY)
    reclassified(wearer.as_viewer("web"), named, "test")

    assert not changes_that_wait(records).exists()
    assert {explain(records, each.handle, AT).lines for each in (chosen, named)} == {("N1",)}
    unit = force.person("Unit", Role.EVIDENCE_UNIT).as_viewer("web")
    reclassified(unit, chosen, "other-evidence")
    assert explain(records, chosen.handle, AT).lines == ("E0",)
    assert Outlook.objects.get(recording=chosen).waits is False
