"""Sharing: by whom, what may go to whom, what is fixed, what is on record, and back again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.disclosure.conftest import Matter, in_days
from tests.world import force

from custodes.cases.actions.assign import assign
from custodes.cases.actions.material import Assessment, assess
from custodes.cases.rules.audiences import Audience
from custodes.cases.rules.material import Status
from custodes.cases.rules.proceeding import Part
from custodes.custody.models import Entry
from custodes.custody.queries import history_of
from custodes.disclosure.actions.revoke import end_what_is_over, revoke
from custodes.disclosure.actions.share import release, share
from custodes.disclosure.errors import ShareRefused
from custodes.disclosure.links import digest_of, link_of, token_of
from custodes.disclosure.models import Item, Share
from custodes.disclosure.offers import on_offer
from custodes.disclosure.queries import items_of, share_for, shares_for
from custodes.disclosure.rules.serving import Thing
from custodes.disclosure.rules.standing import Standing
from custodes.kernel.clock import now
from custodes.kernel.errors import NotFound, Refused
from custodes.people.errors import NotAllowed
from custodes.people.rules import Role
from custodes.recordings.actions.lock import Locking, lock
from custodes.recordings.models import Recipient
from custodes.recordings.rules import LockKind

pytestmark = pytest.mark.django_db

SENSITIVE = Assessment(
    Status.SENSITIVE,
    "An informant is heard giving the address of the man in the red jacket.",
    "it would name an informant",
)


def standing(given: Share, days: int = 0) -> Standing:
    given.refresh_from_db()
    return given.as_rule().standing(in_days(days))


def test_an_officer_of_the_case_shares_a_clip_and_both_histories_say_so(matter: Matter) -> None:
    given = matter.shared()

    assert standing(given) is Standing.OPEN
    [item] = Item.objects.all()
    assert (item.kind, item.copy, item.sha256) == ("clip", matter.clip.handle, matter.clip.sha256)
    assert item.title.startswith("Clip of AO/1, 14 November 2026, 12:00:01 to 12:00:0")
    assert force.kinds(matter.case.handle)[-1] == "share.created"
    assert force.kinds(matter.recording.handle)[-1] == "share.created"
    assert [str(each) for each in Recipient.objects.all()] == ["Pat Quill, CPS London North"]


def test_nothing_of_a_person_or_a_link_stands_in_the_public_entry(matter: Matter) -> None:
    given = matter.shared()

    public = [bytes(each.data) for each in Entry.objects.filter(kind="share.created")]
    for secret in (token_of(given), "Quill", "CPS", "cps.example", given.handle, "01MP"):
        assert not any(secret.encode() in each for each in public)
    assert token_of(given) not in json.dumps(list(Share.objects.values()), default=str)
    assert digest_of(token_of(given)) == given.token_digest
    assert link_of(given).endswith(f"/shared/{token_of(given)}")


def test_what_is_wrong_with_a_share_is_said_and_nothing_is_made(matter: Matter) -> None:
    entries = Entry.objects.count()
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"recipient": " "}, "by name"),
        ({"organisation": ""}, "organisation"),
        ({"because": ""}, "why"),
        ({"things": []}, "at least one"),
        ({"things": ["clip:" + "x" * 22]}, "not of this case"),
        ({"email": "nobody"}, "not an e-mail address"),
        ({"until": in_days(-1)}, "past"),
        ({"until": in_days(91)}, "90 days"),
        ({"audience": Audience.SUBJECT}, "person in the footage"),
    ]

    for other, said in wrong:
        with pytest.raises(ShareRefused, match=said):
            matter.shared(**other)

    assert (Share.objects.count(), Entry.objects.count()) == (0, entries)


def test_sensitive_material_does_not_go_to_the_defence_even_when_asked_for_by_its_key(
    matter: Matter,
) -> None:
    keys = matter.keys(Thing.CLIP) + matter.keys(Thing.RECORDING)
    assess(matter.officer, matter.case, matter.recording, SENSITIVE, at=now())

    offers = on_offer(matter.officer, matter.case)
    for audience in (Audience.DEFENCE, Audience.COURT):
        for key in keys:
            with pytest.raises(ShareRefused, match=r"sensitive unused material \(MG6D\)"):
                matter.shared(things=[key], audience=audience)
        assert all(each.why_not_to(audience) for each in offers)
    assert matter.shared(things=keys).items.count() == 2  # the prosecutor sees it


def test_what_goes_to_the_defence_waits_for_a_second_disclosure_officer(matter: Matter) -> None:
    vale, osei = matter.vale.as_viewer("test"), matter.osei.as_viewer("test")
    given = share(vale, matter.case, matter.wanted(audience=Audience.DEFENCE), at=now())
    assert (standing(given), Recipient.objects.count()) == (Standing.WAITS, 0)

    with pytest.raises(ShareRefused, match="does not release it"):
        release(vale, given, at=now())
    with pytest.raises(NotAllowed, match="release"):
        release(matter.officer, given, at=now())
    assert standing(given) is Standing.WAITS
    release(osei, given, at=now())

    assert (standing(given), Recipient.objects.count()) == (Standing.OPEN, 1)
    assert force.kinds(matter.recording.handle)[-1] == "share.released"
    with pytest.raises(ShareRefused, match="not wait"):
        release(osei, given, at=now())


def test_a_whole_recording_is_shared_as_an_exhibit_and_not_otherwise(matter: Matter) -> None:
    assert len(matter.keys(Thing.RECORDING)) == 1
    for exhibit in matter.case.exhibits.all():
        exhibit.voided_at = now()
        exhibit.save()

    assert matter.keys(Thing.RECORDING) == []
    assert len(matter.keys(Thing.CLIP)) == 1


def test_who_is_not_of_the_case_neither_shares_nor_learns_of_it(matter: Matter) -> None:
    given, stranger = matter.shared(), matter.stranger.as_viewer("test")

    with pytest.raises(NotFound):
        share(stranger, matter.case, matter.wanted(), at=now())
    with pytest.raises(NotFound):
        share_for(stranger, given.handle)
    assert not shares_for(stranger).exists()


def test_a_supervisor_sees_what_is_shared_and_shares_nothing(matter: Matter) -> None:
    given, harding = matter.shared(), force.person("Harding", Role.SUPERVISOR, team="A")
    supervisor = harding.as_viewer("test")

    assert share_for(supervisor, given.handle) == given
    with pytest.raises(NotAllowed, match="not share"):
        share(supervisor, matter.case, matter.wanted(), at=now())
    with pytest.raises(NotAllowed, match="not share"):
        revoke(supervisor, given, "why not", at=now())


def test_a_redactor_on_the_case_may_make_clips_and_share_none(matter: Matter) -> None:
    redactor = force.person("Ito", Role.REDACTOR)
    assign(matter.mirza.as_viewer("test"), matter.case, redactor, Part.WORKS, at=now())

    with pytest.raises(NotAllowed):
        share(redactor.as_viewer("test"), matter.case, matter.wanted(), at=now())


def test_what_is_locked_is_neither_offered_nor_told_of(matter: Matter) -> None:
    given, wanted = matter.shared(), matter.wanted()
    lock([matter.recording], Locking("m", LockKind.POST_INCIDENT, "why"), by=force.CLERK, at=now())

    with pytest.raises(Refused):
        share(matter.mirza.as_viewer("test"), matter.case, wanted, at=now())
    assert not shares_for(matter.officer).exists()
    assert not items_of(matter.officer, given).exists()


def test_what_is_called_back_is_closed_and_every_history_says_why(matter: Matter) -> None:
    given = matter.shared()
    with pytest.raises(ShareRefused, match="why"):
        revoke(matter.officer, given, " ", at=now())

    revoke(matter.officer, given, "the wrong clip", at=now())

    assert standing(given) is Standing.CALLED_BACK
    assert force.kinds(matter.recording.handle)[-1] == "share.revoked"
    with pytest.raises(ShareRefused, match="already"):
        revoke(matter.officer, given, "again", at=now())


def test_a_link_ends_by_itself_and_that_is_noted_once(matter: Matter) -> None:
    given = matter.shared()
    assert standing(given, 21) is Standing.OVER

    assert end_what_is_over(by=force.CLERK, at=in_days(19)) == 0
    assert end_what_is_over(by=force.CLERK, at=in_days(21)) == 1
    assert end_what_is_over(by=force.CLERK, at=in_days(22)) == 0
    assert force.kinds(matter.case.handle).count("share.expired") == 1


def test_what_the_gate_refuses_is_not_shared_and_its_words_say_why(matter: Matter) -> None:
    [whole] = matter.keys(Thing.RECORDING)
    matter.case.exhibits.update(whole_because="")
    with pytest.raises(ShareRefused, match="Multi-media BWV not clipped"):
        matter.shared(things=[whole])
    matter.clip.about = {**matter.clip.about, "profile": None}
    matter.clip.save()

    with pytest.raises(ShareRefused, match="Multi-media BWV not in playable format"):
        matter.shared()

    assert not Share.objects.exists()


def test_only_a_camera_that_is_not_accounted_for_is_passed_over_for_a_reason(
    matter: Matter,
) -> None:
    assert matter.shared(despite="not needed").despite == ""
    matter.case.sought_at = None
    matter.case.save()

    with pytest.raises(ShareRefused, match="look for other cameras"):
        matter.shared()
    given = matter.shared(despite="The court sits tomorrow.")

    assert given.despite == "The court sits tomorrow."
    [*_, told] = history_of(matter.recording.handle)
    assert told.fields["despite"] == "The court sits tomorrow."
