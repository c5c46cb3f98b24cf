"""What people write about a recording: categories, places, notes, moments; all on the record."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.world import force

from custodes.custody.models import Entry
from custodes.custody.queries import history_of
from custodes.kernel.errors import NotFound
from custodes.people.rules import Role, Viewer
from custodes.recordings.actions.annotate import add_note, classify, mark_moment, name_place
from custodes.recordings.errors import NotYours, Unusable
from custodes.recordings.models import Recording

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def okafor() -> Viewer:
    return force.person("PC Okafor", team="Brixton").as_viewer("web")


@pytest.fixture
def recording(okafor: Viewer) -> Recording:
    from custodes.people.models import Person  # noqa: PLC0415 - the wearer is the viewer

    wearer = Person.objects.get(pk=okafor.person)
    return force.recording(force.camera(wearer=wearer))


def test_a_category_is_changed_once_and_entered_once(okafor: Viewer, recording: Recording) -> None:
    classify(okafor, recording, "arrest", at=force.NOON)
    entries = Entry.objects.count()

    classify(okafor, recording, "arrest", at=force.NOON)

    assert Entry.objects.count() == entries
    assert history_of(recording.handle)[-1].fields["after"] == "Arrest"


def test_a_category_that_does_not_exist_changes_nothing(
    okafor: Viewer, recording: Recording
) -> None:
    with pytest.raises(Unusable, match="no such category"):
        classify(okafor, recording, "invented", at=force.NOON)

    recording.refresh_from_db()
    assert recording.category is None


def test_a_place_is_kept_in_tidy_words_and_can_be_corrected(
    okafor: Viewer, recording: Recording
) -> None:
    name_place(okafor, recording, "  Brixton   Road ", at=force.NOON)

    corrected = name_place(okafor, recording, "Coldharbour Lane", at=force.NOON)

    assert str(corrected.place) == "Coldharbour Lane"
    assert history_of(recording.handle)[-1].fields["before"] == "Brixton Road"


@pytest.mark.parametrize("words", ["", "   ", "x" * 121])
def test_a_place_without_words_or_with_too_many_is_refused(
    okafor: Viewer, recording: Recording, words: str
) -> None:
    with pytest.raises(Unusable, match="between 1 and 120"):
        name_place(okafor, recording, words, at=force.NOON)

    recording.refresh_from_db()
    assert recording.place is None


def test_a_moment_outside_the_recording_is_refused(okafor: Viewer, recording: Recording) -> None:
    with pytest.raises(Unusable, match="not in this recording"):
        mark_moment(okafor, recording, force.NOON + timedelta(hours=1), "late", at=force.NOON)

    assert not recording.bookmarks.exists()


def test_somebody_elses_recording_cannot_be_written_about_and_looks_missing(
    recording: Recording,
) -> None:
    novak = force.person("PC Novak", team="Lambeth").as_viewer("web")

    with pytest.raises(NotFound):
        add_note(novak, recording, "not mine", at=force.NOON)

    assert not recording.notes.exists()


def test_an_auditor_may_know_of_a_recording_but_writes_nothing_about_it(
    recording: Recording,
) -> None:
    auditor = force.person("K Lindqvist", Role.AUDITOR).as_viewer("web")

    with pytest.raises(NotYours):
        name_place(auditor, recording, "Brixton Road", at=force.NOON)
