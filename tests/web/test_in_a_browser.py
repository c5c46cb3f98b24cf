"""What a person does, in a real browser: sign in, watch, step, mark; and axe on every page."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils.timezone import localdate
from playwright.sync_api import Page
from tests.conftest import REPOSITORY
from tests.web.conftest import Station, why
from tests.world import force
from tests.world.browser import open_browser
from tests.world.waiting import eventually

from custodes.cases.actions.exhibit import NewExhibit, number_exhibit
from custodes.cases.actions.material import Assessment, assess
from custodes.cases.actions.open import NewCase, enter_party, open_case
from custodes.cases.actions.siblings import look_for_siblings
from custodes.cases.models import Case
from custodes.cases.rules.material import Status
from custodes.cases.rules.proceeding import PartyRole
from custodes.custody.checkpoints import close_day_if_due, closed_days
from custodes.fleet.actions import add_dock, hear_from
from custodes.fleet.rules import DockKind
from custodes.incidents.actions.declare import Declaration, declare
from custodes.incidents.models import Incident
from custodes.incidents.rules import Harm, Link, window_around
from custodes.intake.actions import Offer, begin_upload
from custodes.intake.models import Upload
from custodes.intake.rules import Kind, Promise
from custodes.kernel.clock import now
from custodes.people.rules import Role
from custodes.recordings.actions.arrive import complete
from custodes.recordings.actions.clip import Stretch, make_clip
from custodes.recordings.models import Bookmark, Category, Copy, Original, Recording
from custodes.retention.actions.hold import Wanted, raise_hold
from custodes.retention.actions.inventory import take_inventory
from custodes.retention.actions.sweep import rehearse, run
from custodes.retention.models import Hold, Sweep
from custodes.retention.rules.holds import HoldKind, Scope

AXE = REPOSITORY / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
# A folder for pictures of every page, for whoever wants to look at them.
SHOTS = os.environ.get("CUSTODES_SHOTS")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("vault_of_its_own"),
]


@pytest.fixture
def address(prepared: Station, live_server: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright runs a loop beside us
    # What a flush between tests takes away of the first migration's categories.
    Category.objects.get_or_create(code="arrest", defaults={"name": "Arrest"})
    close_day_if_due(now())
    busy, _ = add_dock("Lambeth 2", DockKind.AXIS, by=force.CLERK, at=now())
    silent, _ = add_dock("Brixton yard", DockKind.AXIS, by=force.CLERK, at=now())
    hear_from(busy, at=now(), words="sealed film.mp4")
    hear_from(silent, at=now() - timedelta(minutes=50))
    offer = Offer("axis", "film2.mp4", Kind.VIDEO, "r9", prepared.recording.camera,
                  Promise(size=3_000_000_000), {}, dock=busy)  # fmt: skip
    upload = begin_upload(offer, at=now())
    Upload.objects.filter(pk=upload.pk).update(received=1_200_000_000, rate=41_200_000)
    force.original(prepared.recording, b"other bytes", "film.mp4")
    for number in range(3):
        of = force.recording(force.camera(f"Y{number}", prepared.okafor), f"k{number}")
        force.original(of, b"not a film", "clip.mp4", Kind.VIDEO)
    kept_and_deleted(prepared)
    a_case(prepared)
    lose_one()
    after_a_death()
    return live_server.url  # type: ignore[no-any-return]


def kept_and_deleted(prepared: Station) -> None:
    """Hold one recording, and let the engine delete another."""
    standing = Scope(cameras=frozenset({prepared.recording.camera.handle}))
    look_on = localdate() + timedelta(days=90)
    complaint = Wanted(HoldKind.COMPLAINT, "PSD/12/26", look_on, standing, standing=True)
    raise_hold(complaint, by=force.CLERK, at=now())
    started = now() - timedelta(days=40)
    old = force.recording(force.camera("Y9", prepared.okafor), "old", started=started)
    force.original(old, b"old bytes")
    complete(old, by=force.CLERK, at=old.received_at)
    run(rehearse(by=force.CLERK, at=now()), by=force.CLERK, at=now())


def a_case(prepared: Station) -> None:
    """Open a case with an exhibit in it, another camera, and something nobody has looked at."""
    clerk = prepared.mirza.as_viewer("test")
    wanted = NewCase("01MP/44/26", "Robbery at the station", prepared.okafor)
    case = open_case(clerk, wanted, at=now())
    enter_party(clerk, case, PartyRole.SUSPECT, "John Doe", at=now())
    original = Original.objects.get(pk=prepared.original.pk)
    clip = make_clip(clerk, original, Stretch(1, 2), "The arrest.", at=now())
    of = NewExhibit("Body-worn video of the arrest", "AO", clip=clip.handle)
    number_exhibit(clerk, case, prepared.recording, of, at=now())
    look_for_siblings(clerk, case, at=now())
    seen = Recording.objects.get(source_key="k0")
    said = Assessment(
        Status.SENSITIVE, "A man in a red jacket names who sold him the phone.", "an informant"
    )
    assess(clerk, case, seen, said, at=now())


def lose_one() -> None:
    """Take a sealed object away behind the system's back, and have the inventory miss it."""
    handle = Original.objects.filter(name="clip.mp4").order_by("-pk")[:1].get().handle
    store = Path(settings.CUSTODES.home) / "vault" / "sealed"
    (store / handle[:2] / f"{handle}.floe").unlink()
    take_inventory(by=force.CLERK, at=now())


def after_a_death() -> None:
    """Declare an incident, with somebody who manages it, a camera still out, and film of it."""
    osei = force.person("Osei", Role.POST_INCIDENT).as_viewer("web")
    officer = force.person("Abara", number="4712")
    force.recording(force.camera("X4712", officer), "there", started=now() - timedelta(hours=1))
    happened = now() - timedelta(minutes=30)
    said = Declaration(
        Harm.DEATH, Link.CONTACT, happened, "Cell 4", window_around(happened), [officer]
    )
    declare(osei, said, at=now())


def test_an_officer_watches_steps_and_marks_by_keyboard(address: str, prepared: Station) -> None:
    with open_browser() as page:
        sign_in(page, address, "okafor", force.PASSWORD)
        page.goto(f"{address}/recordings/{prepared.recording.handle}")
        video = page.locator("video")
        eventually(lambda: video.evaluate("video => video.readyState >= 2"))

        page.keyboard.press("Space")
        eventually(lambda: video.evaluate("video => video.currentTime > 0.3"))
        page.keyboard.press("k")
        eventually(lambda: video.evaluate("video => video.paused"))

        before = video.evaluate("video => video.currentTime")
        page.keyboard.press(".")
        eventually(lambda: video.evaluate("video => video.currentTime") > before)
        assert video.evaluate("video => video.currentTime") - before < 0.1

        page.keyboard.press("m")
        page.wait_for_selector("#c-bookmark-label:focus")
        page.keyboard.type("the door")
        page.keyboard.press("Enter")
        eventually(lambda: Bookmark.objects.filter(label="the door").exists())


def sign_in(page: Page, address: str, username: str, password: str) -> None:
    """Sign in by keyboard, on a screen of any width."""
    page.goto(f"{address}/account/login/")
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/")


PAGES = {
    "okafor": ["/", "/recordings", "/recordings?view=tiles", "/recordings?q=nobody", "/docks",
               "RECORDING", "RECORDING/history", "/account/sessions/", "/account/second-factor/",
               "/nothing"],
    "mirza": ["/", "RECORDING", "/docks?wall", "QUARANTINED", "/cameras", "CAMERA", "BROKEN",
              "RECORDING/history/open", "/keeping/holds", "/keeping/holds/place", "HOLD", "DELETED",
              "DELETED/history/open",
              "/keeping", "/keeping/review", "/keeping/sweeps", "SWEEP", "SWEEP/certificate",
              "DELETED/certificate", "/keeping/day?on=TODAY",
              "/keeping/schedule/1", "/cases", "/cases/new", "CASE", "CASE/coverage",
              "CASE/unused", "CASE/step", "MATERIAL", "MATERIAL/exhibit", "EXHIBIT",
              "EXHIBIT/statement", "EXHIBIT/void", "RECORDING/case", "CLIP/give", "CASE/gate",
              "CASE/gate?audience=court&only=1", "/sharing/waiting", "/sharing/speed"],
    "lindqvist": ["/oversight/record", "/oversight/record/days/YESTERDAY", "/oversight/log",
                  "/oversight/forget", "RECORDING/history", "/inventory"],
    "osei": ["/incidents", "/incidents/declare", "INCIDENT", "INCIDENT/let-in"],
    "byrne": ["/people", "/people/add", "PERSON", "/account/tokens", "/tokens"],
}  # fmt: skip


def test_nothing_serious_is_wrong_with_any_page_on_a_desk_or_a_phone(
    address: str, prepared: Station
) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed; frontend/README.md says how")
    wrong: list[str] = []
    with open_browser() as page:
        page.goto(f"{address}/account/login/")
        wrong += on_both_screens(page, "sign-in")
        for username, places in PAGES.items():
            page.context.clear_cookies()
            sign_in(page, address, username, force.PASSWORD)
            for place in places:
                page.goto(address + real(place, prepared))
                wrong += on_both_screens(page, f"{username} {place}")
        page.context.clear_cookies()
        sign_in(page, address, "mirza", force.PASSWORD)
        page.goto(address + real("RECORDING", prepared))
        page.get_by_label(why()["purpose"]).check()
        page.get_by_role("button", name="Watch the recording").click()
        page.get_by_role("button", name="Check this recording now").click()
        page.wait_for_selector("text=Proven just now")
        wrong += on_both_screens(page, "mirza watching")
        page.context.clear_cookies()
        sign_in(page, address, "lindqvist", force.PASSWORD)
        read_the_log(page, address, "4711")
        wrong += on_both_screens(page, "lindqvist reading")
    assert wrong == []


def read_the_log(page: Page, address: str, whose: str) -> None:
    """Open somebody's log by keyboard, saying what for."""
    page.goto(f"{address}/oversight/log")
    page.get_by_label("User name or collar number").focus()
    page.keyboard.type(whose)
    page.get_by_label("To verify that processing was lawful").focus()
    page.keyboard.press("Space")
    page.get_by_label("Reason and reference").focus()
    page.keyboard.type("audit 7")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('What Okafor did')")


def real(place: str, prepared: Station) -> str:
    """Return the address a place in PAGES stands for."""
    recording = prepared.recording
    broken = Upload.objects.filter(name="clip.mp4").first()
    apart = Upload.objects.get(state="quarantined")
    deleted = Recording.objects.get(source_key="old")
    case, waits = Case.objects.get(), Recording.objects.get(source_key="k1")
    clip = Copy.objects.get(purpose="clip")
    assert broken is not None
    return (
        place.replace("CLIP", f"RECORDING/clips/{clip.handle}")
        .replace("RECORDING", f"/recordings/{recording.handle}")
        .replace("CAMERA", f"/cameras/{recording.camera.handle}")
        .replace("PERSON", f"/people/{prepared.mirza.handle}")
        .replace("QUARANTINED", f"/docks/quarantine/{apart.handle}")
        .replace("CASE", f"/cases/{case.handle}")
        .replace("MATERIAL", f"/cases/{case.handle}/recordings/{waits.handle}")
        .replace("EXHIBIT", f"/cases/{case.handle}/exhibits/{case.exhibits.get().handle}")
        .replace("YESTERDAY", f"{closed_days()[0]}")
        .replace("HOLD", f"/keeping/holds/{Hold.objects.order_by('pk')[:1].get().handle}")
        .replace("INCIDENT", f"/incidents/{Incident.objects.get().handle}")
        .replace("SWEEP", f"/keeping/sweeps/{Sweep.objects.all()[:1].get().handle}")
        .replace("TODAY", f"{now():%Y-%m-%d}")
        .replace("DELETED", f"/recordings/{deleted.handle}")
        .replace("BROKEN", f"/recordings/{broken.original.recording.handle}")
    )


def on_both_screens(page: Page, called: str) -> list[str]:
    """Return what is wrong with the page that is open, on a desk and on a phone.

    No script of ours asks how wide the screen is, so the page need not be loaded twice.
    """
    wrong = []
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        wrong += found_by_axe(page, called, width)
    page.set_viewport_size({"width": 1280, "height": 900})
    return wrong


def found_by_axe(page: Page, called: str, width: int) -> list[str]:
    """Return what axe calls serious or worse, and a page that scrolls sideways."""
    page.wait_for_load_state("networkidle")
    if SHOTS:
        name = "".join(letter if letter.isalnum() else "-" for letter in called)
        page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
    # Evaluated, not added as a script: the page's own policy refuses scripts from elsewhere.
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    # What passed is not told of: it is ten times as long.
    found = page.evaluate("() => axe.run({resultTypes: ['violations']})")
    wrong = [
        f"{called}: {one['id']}: {one['nodes'][0]['html']}"
        for one in found["violations"]
        if one["impact"] in {"serious", "critical"}
    ]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        wrong.append(f"{called}: scrolls sideways at {width} px")
    return wrong
