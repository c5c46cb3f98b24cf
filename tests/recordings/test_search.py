"""Search gives everything a viewer may know of that meets the filters, once, in order."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.world import force

from custodes.intake.rules import Kind
from custodes.kernel.errors import NotFound
from custodes.people.models import Person
from custodes.people.rules import Role, Viewer
from custodes.recordings.models import Category, Place, Recording
from custodes.recordings.queries import film_for, recordings_for
from custodes.recordings.search import Search, search

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> dict[str, Person]:
    return {
        "okafor": force.person("Okafor", team="A", number="4711"),
        "abara": force.person("Abara", team="A", number="4712"),
        "stranger": force.person("Stranger", team="B", number="9"),
        "harding": force.person("Harding", Role.OFFICER, Role.SUPERVISOR, team="A"),
        "teamless": force.person("Teamless", Role.SUPERVISOR),
        "mirza": force.person("Mirza", Role.EVIDENCE_UNIT),
        "byrne": force.person("Byrne", Role.ADMINISTRATOR),
    }


@pytest.fixture
def filmed(people: dict[str, Person]) -> list[Recording]:
    """Return thirty recordings of five people; some started at the very same moment."""
    wearers = [people[name] for name in ("okafor", "abara", "stranger", "harding", "teamless")]
    cameras = [force.camera(f"C{n}", wearer) for n, wearer in enumerate(wearers)]
    made = []
    for number in range(30):
        started = force.NOON + timedelta(minutes=number // 3)
        recording = force.recording(cameras[number % 5], f"k{number}", started=started)
        recording.category = Category.objects.get(code="arrest") if number % 4 == 0 else None
        recording.place = Place.objects.get_or_create(name=f"Place {number % 3} Road")[0]
        recording.fault = "It is cut short." if number % 7 == 0 else ""
        # A supervisor's own footage from before they came to the team.
        recording.team = None if number == 3 else recording.team
        recording.save()
        made.append(recording)
    return made


def viewer(person: Person) -> Viewer:
    return Person.objects.get(pk=person.pk).as_viewer("test")


def walked(who: Viewer, wanted: Search, size: int = 4) -> list[str]:
    """Return all handles, page after page towards the oldest."""
    handles: list[str] = []
    while True:
        page = search(who, wanted, size=size)
        handles += [row.recording.handle for row in page.rows]
        if not page.older:
            return handles
        wanted = Search(**{**_fields(wanted), "before": page.older, "after": ""})


def _fields(wanted: Search) -> dict[str, object]:
    return {name: getattr(wanted, name) for name in Search.__dataclass_fields__}


@pytest.mark.parametrize(
    "name", ["okafor", "abara", "stranger", "harding", "teamless", "mirza", "byrne"]
)
def test_everybody_finds_exactly_what_they_may_know_of(
    people: dict[str, Person], filmed: list[Recording], name: str
) -> None:
    who = viewer(people[name])
    known = recordings_for(who).order_by("-started_at", "-id").values_list("handle", flat=True)

    page = search(who, Search())

    assert walked(who, Search()) == list(known)
    assert page.count == len(known)
    assert page.seconds == 60 * len(known)


def test_walking_back_to_newer_pages_shows_the_same_pages(
    people: dict[str, Person], filmed: list[Recording]
) -> None:
    who = viewer(people["harding"])
    first = search(who, Search(), size=4)
    second = search(who, Search(before=first.older), size=4)

    back = search(who, Search(after=second.newer), size=4)

    assert [row.recording for row in back.rows] == [row.recording for row in first.rows]
    assert back.newer == ""


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (Search(wearer="4711"), range(0, 30, 5)),
        (Search(wearer="okaf"), range(0, 30, 5)),
        (Search(camera="C1"), range(1, 30, 5)),
        (Search(place="place 2 road"), range(2, 30, 3)),
        (Search(category="arrest"), range(0, 30, 4)),
        (Search(category="none"), [n for n in range(30) if n % 4]),
        (Search(state="faulty"), range(0, 30, 7)),
        (Search(state="complete"), []),
        (Search(state="arriving"), range(30)),
        (Search(since=force.NOON + timedelta(minutes=9)), range(27, 30)),
        (Search(until=force.NOON + timedelta(minutes=1)), range(3)),
        (Search(text="Abara"), range(1, 30, 5)),
        (Search(text="Road"), range(30)),
        (Search(text="Arrest", wearer="4711"), range(0, 30, 20)),
        (Search(place="Road", wearer="4711", category="arrest"), range(0, 30, 20)),
        (Search(text="nobody of that name"), []),
        (Search(wearer="nobody of that name"), []),
    ],
)
def test_each_filter_finds_what_it_says(
    people: dict[str, Person], filmed: list[Recording], wanted: Search, numbers: range
) -> None:
    for name in ("mirza", "harding"):
        who = viewer(people[name])
        known = set(recordings_for(who).values_list("handle", flat=True))
        expected = [filmed[number].handle for number in reversed(numbers)]
        expected = [handle for handle in expected if handle in known]

        assert walked(who, wanted) == expected, name
        assert search(who, wanted).count == len(expected), name


def test_a_page_goes_on_only_from_a_recording_the_viewer_knows(
    people: dict[str, Person], filmed: list[Recording]
) -> None:
    theirs = filmed[2].handle

    page = search(viewer(people["okafor"]), Search(before=theirs))

    assert len(page.rows) == 6


def test_a_name_that_means_too_much_says_what_was_left_out(people: dict[str, Person]) -> None:
    for number in range(20):
        Place.objects.create(name=f"Lane {number}")

    page = search(viewer(people["mirza"]), Search(place="Lane"))

    assert page.hint == "More than 12 places match “Lane”; only 12 were searched. Type more."


def test_a_page_takes_a_handful_of_queries_however_many_rows(
    people: dict[str, Person],
    filmed: list[Recording],
    django_assert_max_num_queries: object,
) -> None:
    who = viewer(people["mirza"])

    with django_assert_max_num_queries(8):  # type: ignore[operator]
        search(who, Search(), size=30)


def test_something_is_cut_of_the_first_film_and_not_of_what_came_before_it(
    people: dict[str, Person],
) -> None:
    recording = force.recording(force.camera("X9", people["okafor"]), "r9")
    force.original(recording, b"a list", "list.txt")
    force.original(recording, b"a film", "film.mp4", Kind.VIDEO)
    viewer = people["okafor"].as_viewer("test")

    assert film_for(viewer, recording.handle, None).name == "film.mp4"
    assert film_for(viewer, recording.handle, 1).name == "list.txt"
    with pytest.raises(NotFound):
        film_for(people["abara"].as_viewer("test"), recording.handle, None)
