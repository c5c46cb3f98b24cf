"""The record of a case tells everybody what they may learn, and nobody of anything else."""

from __future__ import annotations

import pytest
from tests.cases.conftest import Station, filmed_by
from tests.world import force
from tests.world.parcels import inside, opened_by, opened_in

from custodes.cases.actions import take_report
from custodes.cases.actions.assign import assign
from custodes.cases.actions.material import Assessment, add_recordings, assess, take_out
from custodes.cases.actions.take import take_paper
from custodes.cases.actions.take_report import hand_out_case_report, take_case_report
from custodes.cases.report import history_of_case, is_told, report_of_case
from custodes.cases.rules.audiences import Audience, Paper, sees_sensitive
from custodes.cases.rules.material import Status
from custodes.cases.rules.proceeding import Part
from custodes.custody.models import Entry
from custodes.custody.queries import history_of
from custodes.custody.report import Report
from custodes.kernel.clock import now
from custodes.kernel.ids import new_handle
from custodes.people.rules import Role, Viewer
from custodes.recordings.actions.lock import Locking, lift, lock, name_to
from custodes.recordings.actions.take_record import Handed
from custodes.recordings.actions.watch import begin_viewing
from custodes.recordings.errors import NeedsAReason, Unusable
from custodes.recordings.models import Recording
from custodes.recordings.rules import LockKind, OpenFor

pytestmark = pytest.mark.django_db

GOOD = "PC Lewis arrests a man in a red jacket, who says he was not there."
GIVEN = Handed("Hale & Co", "initial disclosure")
OUTSIDE = [each for each in Audience if not sees_sensitive(each)]


@pytest.fixture
def filled(station: Station) -> Station:
    """Put both recordings into the case."""
    both = [station.okafors, station.lewiss]
    add_recordings(station.clerk, station.case, both, "", at=now())
    return station


@pytest.fixture
def secret(filled: Station) -> Recording:
    """Make what Lewis filmed sensitive unused material, whose schedule went to the prosecutor."""
    sensitive = Assessment(Status.SENSITIVE, GOOD, "It shows the house of an informant.")
    assess(filled.clerk, filled.case, filled.lewiss, sensitive, at=now())
    given = Paper.SENSITIVE, Audience.PROSECUTOR, Handed("CPS", "charge")
    take_paper(filled.clerk, filled.case, *given, at=now())
    return filled.lewiss


def shut(recording: Recording, kind: LockKind = LockKind.RESTRICTED) -> str:
    cause = new_handle()
    lock([recording], Locking(cause, kind, "because"), by=force.CLERK, at=now())
    return cause


def words(report: Report) -> str:
    return "\n".join([*(f"{a}: {b}" for a, b in report.facts), *(x.sentence for x in report.lines)])


def lewis_is_told_of(said: str) -> bool:
    return any(name in said for name in ("Lewis", "X2210", "informant", "MG6D"))


def told_about(recording: Recording, case_handle: str) -> set[int]:
    """Return the entries that tell of a recording, in its own history and in that of a case."""
    named = {
        e.index for e in history_of(case_handle) if e.fields.get("recording") == recording.handle
    }
    return named | {each.index for each in history_of(recording.handle)}


@pytest.mark.parametrize("audience", OUTSIDE)
def test_no_report_tells_of_sensitive_material_to_who_must_not_learn_of_it(
    filled: Station, secret: Recording, audience: Audience
) -> None:
    report = take_case_report(filled.clerk, filled.case, audience, GIVEN, at=now())

    assert not lewis_is_told_of(words(report))
    assert ("Recordings told of", "1") in report.facts
    assert "Not told of: sensitive unused material, whether there is any or not" in words(report)
    assert history_of(filled.case.handle)[-1].fields["withheld"].endswith("any or not")
    assert secret.handle not in report.subjects


def test_the_prosecutor_and_those_who_work_on_it_read_of_sensitive_material(
    filled: Station, secret: Recording
) -> None:
    taken = take_case_report(filled.clerk, filled.case, Audience.PROSECUTOR, GIVEN, at=now())
    read = report_of_case(filled.clerk, filled.case)

    for report in (taken, read):
        assert "MG6D" in words(report)
        assert secret.handle in report.subjects
        assert "Not told of" not in words(report)
    assert taken.lines[-1].kind == "record.taken"


def test_the_package_for_the_defence_keeps_closed_what_tells_of_sensitive_material(
    filled: Station, secret: Recording
) -> None:
    theirs = hand_out_case_report(filled.clerk, filled.case, Audience.DEFENCE, GIVEN, at=now())
    files = inside(theirs)
    opened = opened_by(files["proof.json"])

    assert not lewis_is_told_of(str(opened))
    assert not opened.keys() & {each.index for each in history_of(secret.handle)}
    assert {each.index for each in history_of(filled.case.handle)} <= opened.keys()  # no hole
    assert "sensitive unused material, whether" in " ".join(files["README.txt"].decode().split())
    to_cps = hand_out_case_report(filled.clerk, filled.case, Audience.PROSECUTOR, GIVEN, at=now())
    assert lewis_is_told_of(str(opened_in(to_cps)))


def test_sensitive_material_that_was_taken_out_stays_unknown_to_the_defence(
    filled: Station, secret: Recording
) -> None:
    take_out(filled.clerk, filled.case, secret, "of another case", at=now())

    report = take_case_report(filled.clerk, filled.case, Audience.DEFENCE, GIVEN, at=now())

    assert not lewis_is_told_of(words(report))


def test_what_is_said_reads_the_same_where_nothing_is_sensitive(filled: Station) -> None:
    report = take_case_report(filled.clerk, filled.case, Audience.DEFENCE, GIVEN, at=now())

    assert "Not told of: sensitive unused material, whether there is any or not" in words(report)
    assert lewis_is_told_of(words(report))


def test_neither_history_nor_report_of_a_case_tells_of_what_a_lock_keeps_apart(
    filled: Station,
) -> None:
    begin = report_of_case(filled.clerk, filled.case)
    assert lewis_is_told_of(words(begin))

    cause = shut(filled.lewiss)

    for report in (
        history_of_case(filled.clerk, filled.case),
        report_of_case(filled.clerk, filled.case),
        take_case_report(filled.clerk, filled.case, Audience.PROSECUTOR, GIVEN, at=now()),
    ):
        assert "opened case" in words(report)
        assert not lewis_is_told_of(words(report))
        assert filled.lewiss.handle not in report.subjects
    for index in told_about(filled.lewiss, filled.case.handle):
        assert not is_told(filled.clerk, filled.case, index)
    lift(cause, "over", by=force.CLERK, at=now())
    assert lewis_is_told_of(words(history_of_case(filled.clerk, filled.case)))


def test_a_package_of_a_case_has_no_hole_and_keeps_closed_what_a_lock_keeps_apart(
    filled: Station,
) -> None:
    shut(filled.lewiss)

    sent = hand_out_case_report(filled.clerk, filled.case, Audience.PROSECUTOR, GIVEN, at=now())

    opened = opened_in(sent)
    assert {each.index for each in history_of(filled.case.handle)} <= opened.keys()
    closed = told_about(filled.lewiss, filled.case.handle) & opened.keys()
    assert len(closed) == 1  # that it was added
    assert all(not opened[index] for index in closed)
    assert not lewis_is_told_of(str(opened))


def test_only_what_somebody_may_open_to_others_is_opened_in_the_package_of_a_case(
    filled: Station,
) -> None:
    disclosure = force.person("Disclosure", Role.DISCLOSURE)
    assign(filled.clerk, filled.case, disclosure, Part.WORKS, at=now())
    cause = shut(filled.lewiss)
    reads = OpenFor.MANAGEMENT  # the history, without opening it to others
    name_to(cause, disclosure, reads, "why", by=force.CLERK, at=now())
    viewer = disclosure.as_viewer("test")
    assert lewis_is_told_of(words(report_of_case(viewer, filled.case)))

    opened = opened_in(
        hand_out_case_report(viewer, filled.case, Audience.PROSECUTOR, GIVEN, at=now())
    )

    assert not lewis_is_told_of(str(opened))
    assert not opened.keys() & {each.index for each in history_of(filled.lewiss.handle)}
    assert {each.index for each in history_of(filled.okafors.handle)} <= opened.keys()
    assert "1 of the recordings" in history_of(filled.case.handle)[-1].fields["withheld"]


def looked_at_by_watchdog(recording: Recording) -> tuple[Viewer, int]:
    """Lock it, let the watchdog look, and lift the lock; return who that was and the entry."""
    cause = shut(recording, LockKind.POST_INCIDENT)
    watchdog = force.person("I Byrne of the IOPC", Role.WATCHDOG).as_viewer("test")
    begin_viewing(watchdog, recording, "the inquiry", reason_needed=True, at=now())
    lift(cause, "over", by=force.CLERK, at=now())
    [look] = [e.index for e in history_of(recording.handle) if e.kind == "recording.viewed"]
    return watchdog, look


def test_the_force_reads_in_the_report_of_a_case_only_how_often_the_watchdog_looked(
    filled: Station,
) -> None:
    _, look = looked_at_by_watchdog(filled.lewiss)

    report = report_of_case(filled.clerk, filled.case)

    assert "I Byrne" not in words(report)
    assert ("Looks of the police watchdog", "1, not shown one by one") in report.facts
    assert not is_told(filled.clerk, filled.case, look)
    sent = hand_out_case_report(filled.clerk, filled.case, Audience.PROSECUTOR, GIVEN, at=now())
    opened = opened_in(sent)
    assert opened[look] == {}
    assert "I Byrne" not in str(opened)


def test_one_line_of_the_report_is_told_without_the_whole_of_it(filled: Station) -> None:
    told = {line.index for line in report_of_case(filled.clerk, filled.case).lines}
    alone = filmed_by(filled.novak, "X3198", "n1")  # in no case

    every = range(Entry.objects.count() + 1)
    assert {index for index in every if is_told(filled.clerk, filled.case, index)} == told
    assert not told & {each.index for each in history_of(alone.handle)}


def test_a_package_that_would_be_too_long_leaves_no_entry(
    filled: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = [filled.okafors.handle, filled.lewiss.handle, filled.case.handle]
    entries = sum(len(history_of(handle)) for handle in both)
    before = Entry.objects.count()

    monkeypatch.setattr(take_report, "LONGEST", entries)  # its own entry would be one too many
    with pytest.raises(Unusable, match="A package holds at most"):
        hand_out_case_report(filled.clerk, filled.case, Audience.COURT, GIVEN, at=now())
    monkeypatch.setattr(take_report, "LONGEST", entries + 1)
    with pytest.raises(NeedsAReason):
        hand_out_case_report(filled.clerk, filled.case, Audience.COURT, Handed("x", " "), at=now())
    assert Entry.objects.count() == before
    sent = hand_out_case_report(filled.clerk, filled.case, Audience.COURT, GIVEN, at=now())
    assert len(opened_in(sent)) == entries + 1


def test_for_whom_a_record_of_a_case_was_taken_is_on_the_record(filled: Station) -> None:
    take_case_report(filled.clerk, filled.case, Audience.DEFENCE, GIVEN, at=now())

    taken = history_of(filled.case.handle)[-1]
    assert taken.fields["recipient"] == "the defence, Hale & Co"
