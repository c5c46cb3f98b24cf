"""A package is released and handed over as it stands now, and each time on the record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from tests.disclosure.conftest import signed_in
from tests.disclosure.packages.conftest import Trial
from tests.disclosure.test_every_act_is_entered import named_late
from tests.world import force

from custodes.cases.actions.siblings import look_for_siblings
from custodes.cases.models import Case, Material
from custodes.cases.rules.audiences import Audience
from custodes.custody.queries import history_of
from custodes.disclosure.actions.build import build
from custodes.disclosure.actions.hand_over import fetch_package, release_package
from custodes.disclosure.errors import PackageRefused
from custodes.disclosure.models import Package
from custodes.kernel.clock import now
from custodes.recordings.models import Recipient

pytestmark = pytest.mark.django_db
WHY = "the town's cameras are still being asked for"


def test_who_gets_a_package_reads_why_a_camera_was_passed_over_the_defence_too(
    trial: Trial, tmp_path: Path
) -> None:
    package = trial.built(Audience.DEFENCE)

    readme = (trial.unpacked(package, tmp_path) / "README.html").read_text()

    assert package.passed_over == WHY
    assert "Not every camera that may have filmed it is accounted for" in readme
    assert WHY.replace("'", "&#x27;") in readme
    vale = signed_in(trial.vale)
    page = vale.get(reverse("case-package", args=[trial.case.handle, package.handle]))
    form = vale.get(reverse("case-packages", args=[trial.case.handle]) + "?for=defence")
    assert b"Not every camera is accounted for" in page.content
    assert b"Whoever gets this reads it, the defence too: name nothing sensitive" in form.content


def test_a_reason_that_was_not_needed_is_kept_nowhere(trial: Trial, tmp_path: Path) -> None:
    look_for_siblings(trial.unit, trial.case, at=now())

    package = trial.built(Audience.COURT)

    assert package.passed_over == ""
    readme = (trial.unpacked(package, tmp_path) / "README.html").read_text()
    assert "accounted for" not in readme
    told = [each for each in history_of(trial.case.handle) if each.kind == "package.built"]
    assert [each.fields["passed_over"] for each in told] == [""]


def test_a_camera_that_came_up_since_is_not_passed_over_at_release_for_no_reason(
    trial: Trial,
) -> None:
    look_for_siblings(trial.unit, trial.case, at=now())
    package = build(trial.unit, trial.case, trial.wanted(Audience.DEFENCE), at=now())
    osei = trial.osei.as_viewer("test")
    Case.objects.update(sought_at=None)

    with pytest.raises(PackageRefused, match="Every camera is accounted for: not yet") as refused:
        release_package(osei, package, at=now())

    assert refused.value.advice.startswith("Nothing was released.")
    package.refresh_from_db()
    assert package.released_at is None
    with_a_reason = build(trial.unit, trial.case, trial.wanted(Audience.DEFENCE), at=now())
    assert release_package(osei, with_a_reason, at=now()).released_at


def test_what_is_no_longer_described_is_not_released(trial: Trial) -> None:
    package = build(trial.unit, trial.case, trial.wanted(Audience.DEFENCE), at=now())
    Material.objects.filter(recording=trial.other).update(description="BWV")

    with pytest.raises(PackageRefused, match=": not yet"):
        release_package(trial.osei.as_viewer("test"), package, at=now())

    package.refresh_from_db()
    assert package.released_at is None


def test_what_is_over_or_never_came_about_is_neither_released_nor_fetched(trial: Trial) -> None:
    package = build(trial.unit, trial.case, trial.wanted(Audience.DEFENCE), at=now())
    osei = trial.osei.as_viewer("test")

    with pytest.raises(PackageRefused, match="too long ago"):
        release_package(osei, package, at=package.until)
    Package.objects.update(papers=None, size=0, fingerprint="")
    with pytest.raises(PackageRefused, match="too long ago"):
        release_package(osei, package, at=now())
    assert not Recipient.objects.filter(what__contains="package of case").exists()

    done = trial.built(Audience.PROSECUTOR)
    last = done.until - timedelta(seconds=1)
    assert fetch_package(trial.unit, done, "as a ZIP file", at=last).size == done.size
    with pytest.raises(PackageRefused, match="too long ago"):
        fetch_package(trial.unit, done, "as a ZIP file", at=done.until)
    page = signed_in(trial.okafor)
    url = reverse("case-package", args=[trial.case.handle, done.handle])
    assert b"Download it" in page.get(url).content
    Package.objects.update(until=now())
    assert b"Download it" not in page.get(url).content
    listed = page.get(reverse("case-packages", args=[trial.case.handle])).content.decode()
    assert listed.count("Over: make it again") == 1  # the other was taken away
    assert "Waits for a second person" not in listed


def test_two_people_of_one_name_who_take_it_away_are_two_entries(trial: Trial) -> None:
    package = trial.built(Audience.PROSECUTOR)
    one, other = trial.vale.as_viewer("test"), trial.osei.as_viewer("test")
    trial.osei.name = trial.vale.name
    namesake = trial.osei.as_viewer("test")
    assert (one.name, one.person) != (other.name, other.person)

    for viewer in (one, one, namesake):
        fetch_package(viewer, package, "as a ZIP file", at=now())

    assert force.kinds(trial.case.handle).count("package.fetched") == 2


def test_no_act_on_a_package_names_a_row_once_the_log_is_its_own(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    osei = trial.osei.as_viewer("test")
    prepared = build(trial.unit, trial.case, trial.wanted(Audience.DEFENCE), at=now())
    done = trial.built(Audience.PROSECUTOR)
    acts: dict[str, Callable[[], Any]] = {
        "release_package": lambda: release_package(osei, prepared, at=now()),
        "fetch_package": lambda: fetch_package(osei, done, "as a ZIP file", at=now()),
        # Last: it publishes a checkpoint, before which no log may be put back.
        "build": lambda: build(trial.unit, trial.case, trial.wanted(Audience.COURT), at=now()),
    }

    for name, act in acts.items():
        assert named_late(act, monkeypatch) == set(), name
