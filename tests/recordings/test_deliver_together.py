"""What is taken in by sets is what would have been taken in one by one, to the last field."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.world import force

from custodes.custody.models import Entry
from custodes.custody.queries import history_of
from custodes.custody.rules import Actor
from custodes.fleet.actions import add_dock, change_source_type
from custodes.fleet.models import Camera, Dock
from custodes.fleet.rules import DockKind
from custodes.intake.actions import receive_all
from custodes.intake.errors import NeverStorable, Quarantined
from custodes.intake.models import Upload
from custodes.kernel.clock import rfc3339
from custodes.kernel.digest import b64u
from custodes.kernel.spans import Span
from custodes.recordings.actions import deliver as one_by_one
from custodes.recordings.actions.annotate import Chosen, classify_from_camera, classify_together
from custodes.recordings.actions.check import check_recording
from custodes.recordings.actions.deliver_together import Delivery, deliver_together
from custodes.recordings.actions.gaps import Item, Reading, note_reading
from custodes.recordings.actions.lock import Locking, lock_what_falls_in
from custodes.recordings.errors import Unusable
from custodes.recordings.models import (
    CameraCount,
    Category,
    Gap,
    Listed,
    Lock,
    Original,
    Recording,
)
from custodes.recordings.rules import LockKind, Net

pytestmark = pytest.mark.django_db

SENDER = one_by_one.Sender("import", force.CLERK, lasting=timedelta(days=1))
LATER = force.NOON + timedelta(hours=1)
_OF_A_FUNCTION = HealthCheck.function_scoped_fixture


def begun(
    camera: str, key: str, body: bytes, sender: one_by_one.Sender = SENDER, **said: str
) -> Delivery:
    told = {
        "filename": f"{key}.bin",
        "recording": key,
        "camera": camera,
        "started_at": rfc3339(force.NOON),
        "ended_at": rfc3339(force.NOON + timedelta(minutes=1)),
        **said,
    }
    upload = one_by_one.begin_delivery(told, len(body), sender, at=force.NOON)
    return Delivery(upload, receive_all(upload, [body]))


def singly(deliveries: Sequence[Delivery]) -> None:
    for upload, received in deliveries:
        try:
            by = as_one_who_acts(upload.dock) if upload.dock else force.CLERK
            one_by_one.deliver(upload, received, by=by, at=LATER)
        except Quarantined:
            continue


def as_one_who_acts(dock: Dock) -> Actor:
    return Actor(dock.handle, dock.name, "tus")


def together(deliveries: Sequence[Delivery]) -> None:
    deliver_together(deliveries, by=force.CLERK, at=LATER)


def state() -> dict[str, Any]:
    """Return everything that was written, without what is random in it."""
    without = {"id", "handle", "camera_id", "dock_id", "recording_id", "upload_id", "kid"}
    without |= {"wrapped", "leaf"}

    def rows(model: Any, *order: str) -> list[dict[str, Any]]:
        return [
            {k: v for k, v in row.items() if k not in without}
            for row in model.objects.order_by(*order).values()
        ]

    told = {
        f"{r.camera.serial} {r.source_key}": [
            (t.kind, t.at, t.number, sorted(t.facts), t.facts.get("n"), _plain(t.fields))
            for t in history_of(r.handle)
        ]
        for r in Recording.objects.select_related("camera")
    }
    return {
        "uploads": rows(Upload, "pk"),
        "recordings": rows(Recording, "camera__serial", "source_key"),
        "originals": rows(Original, "recording__camera__serial", "name"),
        "gaps": rows(Gap, "camera__serial", "first"),
        "listed": rows(Listed, "camera__serial", "name"),
        "counts": list(
            Camera.objects.order_by("serial").values_list(
                "serial", "heard_at", "cameracount__highest"
            )
        ),
        "kinds": sorted(Entry.objects.values_list("kind", flat=True)),
        "told": told,
    }


def _plain(fields: dict[str, str]) -> dict[str, str]:
    return {k: v for k, v in fields.items() if k != "actor_handle"}


def a_world(deliver: Callable[[Sequence[Delivery]], None], plan: Sequence[Any]) -> dict[str, Any]:
    """Make three cameras, deliver the plan, return what was written; then undo all of it.

    Two docks bring what two of them filmed, and nobody what the third did.
    """
    with transaction.atomic():
        officer = force.person("PC Lewis", team="A", number="7")
        force.camera("X1", officer)
        other, _ = force.camera("X2"), force.camera("X3")
        docks = [add_dock(name, DockKind.AGENT, by=force.CLERK, at=force.NOON)[0] for name in "AB"]
        senders = {
            serial: one_by_one.Sender("tus", as_one_who_acts(dock), dock, timedelta(days=1))
            for serial, dock in zip(("X1", "X2"), docks, strict=True)
        }
        note_reading(other, Reading((Item("k1.bin", 3),)), by=force.CLERK, at=force.NOON)
        arrived = [
            begun(c, key, body, senders.get(c, SENDER), **said) for c, key, body, said in plan
        ]
        change_source_type(other, "egt", by=force.CLERK, at=force.NOON)
        deliver(arrived)
        found = state()
        transaction.set_rollback(True)
    return found


FILES = st.lists(
    st.tuples(
        st.sampled_from(["X1", "X2", "X3"]),
        st.sampled_from(["k1", "k2", "k3", "k4"]),
        st.sampled_from([b"one", b"two", b"three"]),
        st.fixed_dictionaries(
            {},
            optional={
                "sequence": st.sampled_from(["1", "2", "5", "no number"]),
                "sha256": st.sampled_from(["ab" * 32]),
                "files": st.sampled_from(["1", "2"]),
                "filename": st.sampled_from(["same.bin"]),
            },
        ),
    ),
    max_size=6,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[_OF_A_FUNCTION])
@given(plan=FILES)
def test_sets_write_what_one_by_one_writes(plan: list[Any]) -> None:
    assert a_world(together, plan) == a_world(singly, plan)


def test_each_file_of_a_camera_follows_the_one_before_it() -> None:
    force.camera("X1")
    together([begun("X1", f"k{number}", b"film %d" % number) for number in range(3)])

    sealed = [
        told
        for recording in Recording.objects.order_by("pk")
        for told in history_of(recording.handle)
        if told.kind == "recording.ingested"
    ]
    assert "dp" not in sealed[0].facts
    assert [told.facts["dp"] for told in sealed[1:]] == [b64u(told.leaf) for told in sealed[:-1]]
    assert CameraCount.objects.get().leaf == sealed[-1].leaf
    for recording in Recording.objects.all():
        proofs = check_recording(recording, by=force.CLERK, at=LATER)
        assert all(proof.holds for proof in proofs)


def test_delivering_twice_is_no_harm() -> None:
    force.camera("X1")
    deliveries = [begun("X1", f"k{number}", b"film %d" % number) for number in range(3)]
    together(deliveries)
    entries = Entry.objects.count()

    together(deliveries)

    assert Entry.objects.count() == entries
    assert Recording.objects.count() == 3


def test_what_is_refused_of_one_begins_none_and_is_on_record() -> None:
    force.camera("X1")
    told = {"filename": "a.bin", "camera": "X1", "started_at": rfc3339(force.NOON)}
    future = {**told, "filename": "b.bin", "started_at": rfc3339(force.NOON + timedelta(days=30))}

    offered = [one_by_one.Offered(said, 3, SENDER) for said in (told, future)]
    with pytest.raises(NeverStorable):
        one_by_one.begin_deliveries(offered, at=force.NOON)

    assert not Upload.objects.exists()
    assert Entry.objects.filter(kind="arrival.refused").count() == 1


def arrived(at: datetime, number: int) -> list[Recording]:
    force.camera("X1")
    together([begun("X1", f"k{each}", b"film %d" % each) for each in range(number)])
    return list(Recording.objects.order_by("pk"))


def test_categories_chosen_on_cameras_are_kept_unless_a_person_chose_one() -> None:
    one, two, three = arrived(LATER, 3)
    classify_from_camera(two, "traffic", by=force.CLERK, at=LATER)

    codes = {one.pk: "arrest", two.pk: "arrest", three.pk: "stop-search"}
    chosen = {pk: Chosen(code) for pk, code in codes.items()}
    classify_together(chosen, by=force.CLERK, at=LATER)

    found = Recording.objects.order_by("pk").values_list("category", flat=True)
    assert list(found) == ["arrest", "traffic", "stop-search"]
    assert force.kinds(one.handle)[-1] == "recording.classified"
    assert force.kinds(two.handle).count("recording.classified") == 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="asks SQLite for its plan")
def test_recordings_are_looked_up_by_their_keys_however_many_have_no_category() -> None:
    [one] = arrived(LATER, 1)

    with CaptureQueriesContext(connection) as asked:
        chosen = {one.pk + number: Chosen("arrest") for number in range(40)}
        classify_together(chosen, by=force.CLERK, at=LATER)

    assert plans_for_recordings(asked) == [
        "SEARCH recordings_recording USING INTEGER PRIMARY KEY (rowid=?)"
    ]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="asks SQLite for its plan")
def test_no_name_is_looked_up_with_every_camera_that_brings_something() -> None:
    for serial in ("X1", "X2"):
        force.camera(serial)
    deliveries = [begun(serial, "k1", serial.encode()) for serial in ("X1", "X2")]

    with CaptureQueriesContext(connection) as asked:
        together(deliveries)

    [plan] = plans_for_recordings(asked)
    assert plan.endswith("(source_key=?)")


def plans_for_recordings(asked: CaptureQueriesContext) -> list[str]:
    """Return how SQLite finds recordings, for each question that begins with them."""
    plans = []
    for each in asked.captured_queries:
        if each["sql"].startswith("SELECT") and 'FROM "recordings_recording"' in each["sql"]:
            with connection.cursor() as cursor:
                rows = cursor.execute(f"EXPLAIN QUERY PLAN {each['sql']}").fetchall()
                plans.append(rows[0][3])
    return plans


def test_a_category_that_nobody_offers_is_refused_with_all_the_others() -> None:
    [one] = arrived(LATER, 1)

    with pytest.raises(Unusable, match="no-such"):
        classify_together({one.pk: Chosen("no-such")}, by=force.CLERK, at=LATER)

    one.refresh_from_db()
    assert one.category is None
    assert Category.objects.filter(code="no-such").count() == 0


def test_what_is_taken_in_by_sets_is_born_locked_too() -> None:
    cameras = [force.camera(serial) for serial in ("X1", "X2")]
    span = Span(force.NOON, force.NOON + timedelta(hours=1))
    net = Net(span, cameras=frozenset({cameras[0].handle}))
    lock_what_falls_in(
        net, Locking("c" * 22, LockKind.POST_INCIDENT, "why"), by=force.CLERK, at=force.NOON
    )

    together([begun("X1", "r1", b"one"), begun("X2", "r2", b"two")])

    assert [each.recording.camera for each in Lock.objects.all()] == [cameras[0]]
