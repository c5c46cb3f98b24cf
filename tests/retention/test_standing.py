"""Which standing holds are asked about what arrived: none too few, whatever they name."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from tests.world import force

from custodes.kernel.areas import Area
from custodes.kernel.ids import new_handle
from custodes.kernel.spans import Span
from custodes.recordings.models import Recording
from custodes.retention.actions.hold import Wanted, catch, in_reach, raise_hold
from custodes.retention.models import HeldRecording, Hold
from custodes.retention.rules.holds import HoldKind, Scope
from custodes.retention.standing import that_may_catch

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
AT = force.NOON + timedelta(days=10)
REVIEW_ON = (AT + timedelta(days=30)).date()
POSITIONS = ((51.4613, -0.1156), (51.4620, -0.1150), (51.5100, -0.1000))
AREAS = [Area(*POSITIONS[0], 200), Area(*POSITIONS[2], 50), Area(48.0, 2.0, 500)]
PLACES = ("Brixton Road", "Coldharbour Lane")


def some(draw: Random, names: list[str]) -> frozenset[str]:
    return frozenset(draw.sample(names, draw.randint(0, 2)))


def filmed(draw: Random) -> list[Recording]:
    people = [force.person(f"P{number}") for number in range(3)]
    cameras = [force.camera(f"X{number}", person) for number, person in enumerate(people)]
    made = []
    for number in range(40):
        started = force.NOON + draw.randint(-6, 6) * HOUR
        place = draw.choice(("", *PLACES))
        where = draw.choice((None, *POSITIONS))
        one = force.recording(
            draw.choice(cameras), f"r{number}", started=started, place=place, position=where
        )
        Recording.objects.filter(pk=one.pk).update(
            clock_offset_ms=draw.choice((None, 0, 7_200_001, -3_600_000, 86_400_000 * 200_000)),
            ended_at=draw.choice((None, started + HOUR)),
        )
        made.append(Recording.objects.get(pk=one.pk))
    return made


def scopes(draw: Random, recordings: list[Recording]) -> list[Scope]:
    cameras = [each.camera.handle for each in recordings] + [new_handle()]
    wearers = [each.wearer.handle for each in recordings if each.wearer] + [new_handle()]
    handles = [each.handle for each in recordings]
    found: list[Scope] = []
    while len(found) < 60:
        began = force.NOON + draw.randint(-8, 8) * HOUR
        one = Scope(
            span=draw.choice((None, Span(began, began + HOUR))),
            wearers=some(draw, wearers),
            cameras=some(draw, cameras),
            places=some(draw, [*PLACES, "Nowhere"]),
            recordings=draw.choice((frozenset(), frozenset(), some(draw, handles))),
            areas=frozenset(draw.sample(AREAS, draw.choice((0, 0, 1, 2)))),
            either=draw.random() < 0.5,
        )
        found += [] if one.is_empty else [one]
    return found


@pytest.mark.parametrize("seed", range(3))
def test_every_hold_that_reaches_for_something_that_arrived_catches_it(seed: int) -> None:
    draw = Random(seed)
    recordings = filmed(draw)
    arrived = draw.sample(recordings, 12)
    held = 0
    for scope in scopes(draw, recordings):
        wanted = Wanted(HoldKind.OTHER, "a claim", REVIEW_ON, scope, standing=True)
        raise_hold(wanted, by=force.CLERK, at=AT)
    HeldRecording.objects.all().delete()  # as if all of it arrived only now

    catch([each.pk for each in arrived], by=force.CLERK, at=AT)

    for hold in Hold.objects.all():
        wanted_of = set(in_reach(hold.reach()).filter(pk__in=[a.pk for a in arrived]))
        assert {each.recording for each in hold.held.select_related("recording")} == wanted_of
        held += len(wanted_of)
    assert held > 50


def test_a_hold_that_names_another_camera_or_another_day_is_not_asked_of_the_table() -> None:
    here, elsewhere = force.camera("X1"), force.camera("X2")
    arrived = force.recording(here)
    day_before = Span(force.NOON - 30 * HOUR, force.NOON - 29 * HOUR)
    fitting = Scope(cameras=frozenset({here.handle}))
    for scope in (
        fitting,
        Scope(cameras=frozenset({elsewhere.handle})),
        Scope(cameras=frozenset({here.handle}), span=day_before),
    ):
        wanted = Wanted(HoldKind.OTHER, "a claim", REVIEW_ON, scope, standing=True)
        raise_hold(wanted, by=force.CLERK, at=AT)

    assert [hold.reach() for hold in that_may_catch([arrived.pk])] == [fitting]
