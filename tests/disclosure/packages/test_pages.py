"""The pages on which a package is looked through, made, released and handed over."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path

import bagit
import pyrage
import pytest
from django.test import Client
from django.urls import reverse
from tests.disclosure.conftest import signed_in
from tests.disclosure.packages.conftest import UNUSED, Trial
from tests.world import force

from custodes.cases.actions.material import Assessment, assess
from custodes.cases.rules.audiences import Audience
from custodes.cases.rules.material import Status
from custodes.disclosure.models import Package
from custodes.people.rules import Role

pytestmark = pytest.mark.django_db
SENSITIVE = Assessment(Status.SENSITIVE, "An informant gives the address of the man.", "informant")
SENT = {
    "recipient": "Dana Reed",
    "organisation": "CPS London North",
    "because": "the charging decision",
    "passed_over": "the town's cameras are still being asked for",
}


def words(body: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", body.decode()))


def test_an_officer_sees_what_goes_in_makes_it_and_downloads_it_in_two_parts(
    trial: Trial, tmp_path: Path
) -> None:
    okafor, case = signed_in(trial.okafor), trial.case.handle
    assert "Packages: everything somebody gets" in words(
        okafor.get(reverse("case", args=[case])).content
    )
    url = reverse("case-packages", args=[case]) + "?for=cps"
    shown = words(okafor.get(url).content)
    assert "AO/1: The arrest data/clips/AO-1_The-arrest.mp4" in shown
    assert "Every camera is accounted for: not yet." in shown
    assert "Never in a package for the prosecutor: the schedule of sensitive material" in shown

    sent = okafor.post(url, SENT | {"without": trial.still.handle})

    made = Package.objects.get()
    assert sent["Location"] == reverse("case-package", args=[case, made.handle])
    shown = words(okafor.get(sent["Location"]).content)
    assert "Dana Reed" in shown
    assert "AO-1_The-arrest.mp4" in shown
    assert "AO-2" not in shown
    whole = fetched(okafor, made)
    first, rest = (fetched(okafor, made, f"bytes={part}") for part in ("0-99999", "100000-"))
    assert first + rest == whole
    with zipfile.ZipFile(BytesIO(whole)) as archive:
        archive.extractall(tmp_path)
    assert bagit.Bag(str(tmp_path / made.name)).validate()
    assert force.kinds(case).count("package.fetched") == 1


def test_it_is_downloaded_encrypted_and_each_time_is_on_record(trial: Trial) -> None:
    okafor, case = signed_in(trial.okafor), trial.case.handle
    okafor.post(reverse("case-packages", args=[case]) + "?for=cps", SENT)
    made, key = Package.objects.get(), pyrage.x25519.Identity.generate()
    url = reverse("case-package-encrypted", args=[case, made.handle])

    refused = okafor.post(url, {"key": str(key)})
    assert refused.status_code == 400
    assert "no public key" in words(refused.content)
    assert force.kinds(case).count("package.fetched") == 0
    sent = [b"".join(okafor.post(url, {"key": str(key.to_public())}).streaming_content)
            for _ in range(2)]  # type: ignore[attr-defined]  # fmt: skip

    whole = fetched(okafor, made)
    assert [pyrage.decrypt(each, [key]) for each in sent] == [whole, whole]
    assert force.kinds(case).count("package.fetched") == 3
    stranger = signed_in(force.person("Nobody of the case"))
    assert stranger.post(url, {"key": str(key.to_public())}).status_code == 404


def fetched(client: Client, made: Package, part: str = "") -> bytes:
    url = reverse("case-package-file", args=[made.case.handle, made.handle])
    answer = client.get(url, headers={"Range": part} if part else {})
    assert answer.status_code == (206 if part else 200)
    assert answer["ETag"] == f'"{made.fingerprint}"'
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_a_part_past_the_end_and_one_of_another_package_are_told_apart(trial: Trial) -> None:
    made, okafor = trial.built(Audience.PROSECUTOR), signed_in(trial.okafor)
    url = reverse("case-package-file", args=[made.case.handle, made.handle])

    past = okafor.get(url, headers={"Range": f"bytes={made.size}-"})
    other = okafor.get(url, headers={"Range": "bytes=9-", "If-Range": '"another"'})
    head = okafor.head(url)

    assert (past.status_code, past["Content-Range"]) == (416, f"bytes */{made.size}")
    assert (other.status_code, other["Content-Length"]) == (200, str(made.size))
    assert (head.status_code, head["Content-Length"]) == (200, str(made.size))


def test_the_defence_gets_what_a_second_person_released_and_no_box_offers_more(
    trial: Trial,
) -> None:
    vale, osei = signed_in(trial.vale), signed_in(trial.osei)
    assess(trial.unit, trial.case, trial.recording, SENSITIVE, at=trial.clip.made_at)
    url = reverse("case-packages", args=[trial.case.handle]) + "?for=defence"
    shown = vale.get(url + "&extra=mg6d&extra=mg11-draft&extra=native").content

    assert "which never goes to the defence" in words(shown)
    assert b"data/clips" not in shown
    assert b'value="mg6d"' not in shown
    refused = vale.post(url, SENT | {"extra": ["mg6d", "native"]})
    assert refused.status_code == 400
    assert not Package.objects.exists()

    assess(trial.unit, trial.case, trial.recording, UNUSED, at=trial.clip.made_at)
    page = vale.post(url, SENT)["Location"]
    made = Package.objects.get()
    assert b"Download it" not in vale.get(page).content
    file = reverse("case-package-file", args=[trial.case.handle, made.handle])
    assert vale.get(file).status_code == 400
    release = reverse("package-release", args=[trial.case.handle, made.handle])
    assert b"Release it to Dana Reed" in osei.get(page).content
    assert osei.post(release).status_code == 302
    assert b"Download it" in vale.get(page).content


def test_what_is_not_filled_in_stands_in_the_form_and_nothing_is_made(trial: Trial) -> None:
    okafor = signed_in(trial.okafor)
    url = reverse("case-packages", args=[trial.case.handle]) + "?for=cps"

    answer = okafor.post(url, SENT | {"recipient": "", "passed_over": ""})

    assert answer.status_code == 400
    assert "Say who it is for, by name." in words(answer.content)
    open_still = okafor.post(url, SENT | {"passed_over": ""})
    assert "Every camera is accounted for: not yet." in words(open_still.content)
    assert b'value="Dana Reed"' in open_still.content
    assert not Package.objects.exists()


def test_a_stranger_finds_neither_the_pages_nor_the_file(trial: Trial) -> None:
    made = trial.built(Audience.PROSECUTOR)
    stranger = signed_in(force.person("Stranger", Role.INVESTIGATOR))
    of = [trial.case.handle, made.handle]

    for name in ("case-package", "case-package-file"):
        assert stranger.get(reverse(name, args=of)).status_code == 404
    assert stranger.get(reverse("case-packages", args=of[:1])).status_code == 404
    assert stranger.post(reverse("package-release", args=of)).status_code == 404
