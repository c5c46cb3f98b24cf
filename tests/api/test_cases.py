"""Cases by program: what pages show and do, for the person whose token it is."""

from __future__ import annotations

import pytest
from django.utils.timezone import localtime
from tests.api.conftest import DAY, Matter, Program, packed, program_of
from tests.world import force

from custodes.cases.actions.open import NewCase, open_case
from custodes.cases.models import Case, Exhibit
from custodes.custody.queries import history_of
from custodes.disclosure.models import Share
from custodes.kernel.clock import now
from custodes.kernel.ids import new_handle

pytestmark = pytest.mark.django_db


def test_a_case_is_opened_shown_and_its_door_is_on_record(matter: Matter, officer: Program) -> None:
    made = officer.post("/cases", {"urn": "01MP/45/26", "about": "A theft"})

    assert officer.get(f"/cases/{made['id']}")["about"] == "A theft"
    told = history_of(made["id"])
    assert [each.kind for each in told][:1] == ["case.opened"]
    assert [each.kind for each in told][-1] == "case.viewed"
    assert {each.fields["door"] for each in told} == {"api"}
    assert told[0].fields["actor"] == "Okafor"


def test_a_case_is_looked_at_once_an_hour_by_a_token_however_often_it_is_asked_for(
    matter: Matter, officer: Program
) -> None:
    for _ in range(3):
        officer.get(f"/cases/{matter.case.handle}/exhibits")

    assert force.kinds(matter.case.handle).count("case.viewed") == 1


def test_what_a_rule_forbids_is_a_problem_in_three_sentences_and_changes_nothing(
    matter: Matter, officer: Program
) -> None:
    refused = officer.post("/cases", {"urn": str(matter.case), "about": "Again"}, status=409)

    assert refused == {
        "type": "about:blank",
        "title": "A rule forbids this",
        "status": 409,
        "detail": "This URN is used already.",
        "advice": "Nothing was changed. Check it, or ask the evidence unit.",
        "faults": [],
    }
    assert Case.objects.count() == 1


def test_a_list_is_read_in_parts(matter: Matter, officer: Program) -> None:
    for number in (45, 46):
        open_case(matter.officer, NewCase(f"01MP/{number}/26", "A theft"), at=now())

    first = officer.get("/cases?limit=2")
    second = officer.get(f"/cases?limit=2&cursor={first['next']}")

    listed = [each["urn"] for each in first["cases"] + second["cases"]]
    assert listed == [str(each) for each in Case.objects.all()]
    assert second["next"] == ""
    officer.get(f"/cases?cursor={new_handle()}", status=404)


def test_everything_of_a_case_is_there(matter: Matter, officer: Program) -> None:
    of = f"/cases/{matter.case.handle}"

    [exhibit] = officer.get(f"{of}/exhibits")["exhibits"]
    [material] = officer.get(f"{of}/material")["material"]
    coverage = officer.get(f"{of}/coverage")
    gate = officer.get(f"{of}/gate?audience=cps")
    history = officer.get(f"{of}/history?limit=1")

    assert (exhibit["reference"], exhibit["item"]) == ("AO/1", "Video of the arrest")
    assert material["recording"] == exhibit["recording"] == matter.recording.handle
    assert coverage["whole"] is True
    assert [row["exhibits"] for row in coverage["recordings"]] == [["AO/1"]]
    assert {line["check"] for line in gate["lines"]} >= {"exhibit", "clipped", "coverage"}
    assert gate["ready"] == (not any(line["open"] for line in gate["lines"]))
    assert [each["kind"] for each in history["entries"]] == ["case.opened"]
    rest = officer.get(f"{of}/history?cursor={history['next']}&limit=200")
    assert rest["next"] == ""
    whole = officer.get(f"{of}/history?limit=200")["entries"]
    assert history["entries"] + rest["entries"] == whole


def test_the_gate_is_asked_about_what_is_named_and_nothing_else(
    matter: Matter, officer: Program
) -> None:
    of = f"/cases/{matter.case.handle}/gate?audience=cps"
    [item] = officer.get(of)["items"]

    assert officer.get(f"{of}&item={item['key']}")["items"] == [item]
    officer.get(f"{of}&item=nothing", status=404)


def test_a_clip_becomes_an_exhibit_is_shared_and_called_back(
    matter: Matter, officer: Program
) -> None:
    of = f"/cases/{matter.case.handle}"
    wanted = {
        "recording": matter.recording.handle,
        "clip": matter.clip.handle,
        "item": "The arrest",
        "initials": "AO",
    }
    made = officer.post(f"{of}/exhibits", wanted)
    assert (made["reference"], made["clip"]) == ("AO/2", matter.clip.handle)

    offers = officer.get(f"{of}/offers?audience=cps")["things"]
    [key] = [each["key"] for each in offers if each["kind"] == "clip"]
    to = {
        "things": [key],
        "audience": "cps",
        "recipient": "Pat Quill",
        "organisation": "CPS",
        "until": DAY,
        "because": "a charging decision",
    }
    refused = officer.post(f"{of}/shares", to | {"things": ["clip:none"]}, status=409)
    assert refused["detail"] == "Something that was chosen is not of this case, or not there."
    assert not Share.objects.exists()

    gate_refuses = officer.asks("post", f"{of}/shares", to)
    if gate_refuses.status_code == 409:  # the gate says in whose words what to mend
        Exhibit.objects.filter(clip=matter.clip.handle).update(unhidden_because="Nobody else.")
        given = officer.post(f"{of}/shares", to)
    else:
        given = gate_refuses.json()
    assert given["standing"] == "open"
    assert localtime(Share.objects.get().until).date().isoformat() == DAY  # as on the page
    assert "/shared/" in given["link"]
    assert [each["id"] for each in officer.get("/shares")["shares"]] == [given["id"]]
    assert [each["id"] for each in officer.get(f"{of}/shares")["shares"]] == [given["id"]]
    assert officer.get(f"/shares/{given['id']}")["things"][0]["seen_seconds"] == 0

    back = officer.post(f"/shares/{given['id']}/revoke", {"because": "sent by mistake"}, status=200)
    assert (back["standing"], back["link"]) == ("called-back", "")


def test_who_may_see_a_case_but_not_work_on_it_changes_nothing_and_that_is_on_record(
    matter: Matter,
) -> None:
    harding = force.person("Harding", force.Role.SUPERVISOR, team="A")
    program = program_of(harding)
    of = f"/cases/{matter.case.handle}"
    assert program.get(of)["urn"] == str(matter.case)

    wanted = {"recording": matter.recording.handle, "item": "It", "initials": "XX"}
    refused = program.post(f"{of}/exhibits", wanted, status=403)

    assert refused["advice"].startswith("Nothing was changed.")
    assert Exhibit.objects.count() == 1
    assert force.kinds(harding.handle)[-1] == "access.denied"


def addresses(matter: Matter, share: str, package: str) -> list[tuple[str, str, dict[str, object]]]:
    """Return every address of one thing, with something to send to it."""
    case, recording = f"/cases/{matter.case.handle}", f"/recordings/{matter.recording.handle}"
    clip, why = f"{recording}/clips/{matter.clip.handle}", {"because": "to see"}
    exhibit = {"recording": matter.recording.handle, "item": "It", "initials": "XX"}
    given: dict[str, object] = {"things": ["clip:x"], "audience": "cps", "recipient": "x",
                                "organisation": "x", "until": DAY, "because": "x"}  # fmt: skip
    made = {key: given[key] for key in ("audience", "recipient", "organisation", "because")}
    one = f"{case}/packages/{package}"
    return [
        *(("get", case + rest, {}) for rest in (
            "", "/exhibits", "/material", "/coverage", "/gate?audience=cps", "/history",
            "/offers?audience=cps", "/shares", "/packages")),
        ("post", f"{case}/exhibits", dict(exhibit)),
        ("post", f"{case}/material", {"recordings": [matter.recording.handle]}),
        ("post", f"{case}/shares", given),
        ("post", f"{case}/packages", made),
        ("get", one, {}),
        ("get", f"{one}/file", {}),
        ("post", f"{one}/release", {}),
        *(("get", recording + rest, {}) for rest in ("", "/history", "/clips")),
        ("post", f"{recording}/clips", {"file": 1, "begin": 1, "end": 2, **why}),
        ("post", f"{recording}/stills", {"file": 1, "at": 1, **why}),
        ("get", clip, {}),
        ("get", f"{clip}/file", {}),
        ("get", f"/shares/{share}", {}),
        ("post", f"/shares/{share}/revoke", dict(why)),
    ]  # fmt: skip


def test_at_every_address_what_is_hidden_looks_like_what_was_never_there(
    matter: Matter, stranger: Program
) -> None:
    share, package, never = matter.shared().handle, packed(matter).handle, new_handle()
    theirs = [matter.case.handle, matter.recording.handle, matter.clip.handle, share, package]

    for method, path, body in addresses(matter, share, package):
        missing = path
        for each in theirs:
            missing = missing.replace(each, never)
        said = [stranger.asks(method, where, body) for where in (path, missing)]
        assert [each.status_code for each in said] == [404, 404], path
        assert said[0].content == said[1].content, path

    assert not stranger.get("/cases")["cases"]
    assert not stranger.get("/shares")["shares"]
    assert not stranger.post("/recordings/search", {}, status=200)["recordings"]
