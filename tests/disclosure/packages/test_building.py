"""The package of a case: what is in it for whom, what every checker says, and what is on record."""

from __future__ import annotations

import html
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bagit
import pytest
from tests.custody.logs import configure
from tests.disclosure.packages.conftest import WHY, Trial
from tests.recordings.test_prove import believed, reasons, witness
from tests.world import force
from tests.world.authority import authority

from custodes.cases.actions.exhibit import NewExhibit, Why, explain_exhibit, number_exhibit
from custodes.cases.actions.material import Assessment, add_recordings, assess
from custodes.cases.actions.open import NewCase, open_case
from custodes.cases.rules.audiences import Audience
from custodes.cases.rules.material import Status
from custodes.cases.rules.papers import read_exhibits_csv, read_exhibits_json
from custodes.custody.census import take_census
from custodes.custody.checkpoints import publish
from custodes.custody.models import Entry
from custodes.custody.timestamps import stamp_what_is_due
from custodes.disclosure import checks, films
from custodes.disclosure.actions.build import build
from custodes.disclosure.actions.hand_over import fetch_package, forget_papers, release_package
from custodes.disclosure.errors import PackageRefused
from custodes.disclosure.films import Asked
from custodes.disclosure.models import Package
from custodes.disclosure.packages import Sealed, package_for, packages_of
from custodes.disclosure.plan import plan_for
from custodes.disclosure.rules.content import Content
from custodes.kernel.clock import now
from custodes.kernel.errors import NotFound
from custodes.people.errors import NotAllowed
from custodes.people.rules import Role
from custodes.recordings.actions.clip import Stretch, make_clip
from custodes.recordings.actions.lock import Locking, lock
from custodes.recordings.models import Original, Recipient
from custodes.recordings.rules import LockKind
from custodes.verifier.verify import verify

pytestmark = pytest.mark.django_db

SENSITIVE = Assessment(
    Status.SENSITIVE,
    "An informant is heard giving the address of the man in the red jacket.",
    "it would name an informant",
)


def test_every_checker_passes_on_it_and_each_notices_one_flipped_byte(
    trial: Trial, tmp_path: Path
) -> None:
    take_census(by=force.CLERK, at=now())
    witness(now())
    package = trial.built(Audience.PROSECUTOR)
    witness(now())

    folder = trial.unpacked(trial.built(Audience.PROSECUTOR), tmp_path / "out")

    assert bagit.Bag(str(folder)).validate()
    assert sha256sum(folder) == 0
    result = verify(folder, believed())
    assert reasons(result)["clip"] == "clip.with_changes"
    assert reasons(result)["made"] == "made.as_entered"
    assert {each.verdict for each in result.claims if each.name != "tail"} == {"PROVEN"}
    assert package.fingerprint

    [film] = (folder / "data/clips").glob("AO-1*.mp4")
    body = bytearray(film.read_bytes())
    body[len(body) // 2] ^= 1
    film.write_bytes(body)
    with pytest.raises(bagit.BagValidationError):
        bagit.Bag(str(folder)).validate()
    assert sha256sum(folder) != 0
    assert reasons(verify(folder, believed()))["whole"] == "whole.differs"


def test_openssl_takes_its_timestamps_as_the_readme_says_and_no_other_checkpoint(
    trial: Trial, tmp_path: Path, settings: Any
) -> None:
    with authority(tmp_path / "tsa") as made:
        configure(settings, timestamp_authorities=(made.url,), timestamp_roots=made.root)
        publish(now())
        stamp_what_is_due(by=force.CLERK, at=now())
        folder = trial.unpacked(trial.built(Audience.PROSECUTOR), tmp_path / "out")

    [token] = (folder / "timestamps").glob("*.tsr")
    readme = html.unescape((folder / "README.html").read_text())
    [line] = re.findall(r"<code>(openssl ts -verify [^<]*)</code>", readme)
    line = line.replace("NAME", token.stem).replace("ROOTS", str(made.root))
    checked = as_told(line, folder)
    assert "Verification: OK" in checked.stdout + checked.stderr

    note = token.with_suffix(".note")
    body = bytearray(note.read_bytes())
    body[len(body) // 2] ^= 1
    note.write_bytes(body)
    refused = as_told(line, folder)
    assert refused.returncode != 0
    assert "Verification: FAILED" in refused.stdout + refused.stderr


def as_told(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "-c", line], cwd=folder, capture_output=True, text=True, check=False
    )


def sha256sum(folder: Path) -> int:
    lists = ("manifest-sha256.txt", "tagmanifest-sha256.txt")
    return max(
        subprocess.run(["sha256sum", "--quiet", "-c", name], cwd=folder, check=False).returncode
        for name in lists
    )


def test_the_prosecutor_gets_films_lists_drafts_and_the_chain_of_custody(
    trial: Trial, tmp_path: Path
) -> None:
    folder = trial.unpacked(trial.built(Audience.PROSECUTOR), tmp_path / "out")

    assert paths(folder / "data") == [
        "clips/AO-1_The-arrest.mp4", "clips/AO-2_The-knife.png", "coverage.html",
        "custody/AO-1_The-arrest.html", "custody/AO-1_The-arrest.jsonld",
        "custody/AO-2_The-knife.html", "custody/AO-2_The-knife.jsonld",
        "exhibits-files.csv", "exhibits.csv", "exhibits.json", "log-policy.txt",
        "mg11-draft/DRAFT_AO-1.txt", "mg11-draft/DRAFT_AO-2.txt", "mg6c.csv", "player.html",
        "processing/AO-1_The-arrest.json", "processing/AO-2_The-knife.json",
    ]  # fmt: skip
    rows = read_exhibits_csv((folder / "data/exhibits.csv").read_text())
    assert rows == read_exhibits_json((folder / "data/exhibits.json").read_text())
    assert [(row.item, row.reference, row.producer) for row in rows] == [
        ("The arrest", "AO/1", "Ada Okafor"), ("The knife", "AO/2", "Ada Okafor"),
    ]  # fmt: skip
    readme = (folder / "README.html").read_text()
    for said in ("Dana Reed, CPS London North", "disclosure@police.example", "38(5)(b)",
                 "data/player.html", "never compared", "software.release"):  # fmt: skip
        assert said in readme
    custody = (folder / "data/custody/AO-1_The-arrest.html").read_text()
    assert "Ada Okafor made a clip" in custody
    graph = json.loads((folder / "data/custody/AO-1_The-arrest.jsonld").read_text())["@graph"]
    by_kind = {each["@type"] for each in graph}
    assert "case-investigation:ProvenanceRecord" in by_kind
    assert trial.clip.sha256 in json.dumps(graph)
    assert len(list((folder / "data/mg6c.csv").read_text().splitlines())) == 2


def paths(folder: Path) -> list[str]:
    found = (each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file())
    return sorted(found)


def test_the_defence_gets_no_draft_and_no_schedule_unless_it_was_decided_and_no_names(
    trial: Trial, tmp_path: Path
) -> None:
    folder = trial.unpacked(trial.built(Audience.DEFENCE), tmp_path / "out")

    names = paths(folder)
    assert not [name for name in names if "mg11" in name or "mg6" in name]
    custody = (folder / "data/custody/AO-1_The-arrest.html").read_text()
    assert "A person cut a clip" in custody or "clip" in custody
    everything = b"".join(
        (folder / name).read_bytes()
        for name in names
        if name == "proof.json" or "custody/" in name or "processing/" in name
    )
    assert b"Okafor" not in everything
    assert b"4711" not in everything
    with_schedule = trial.built(Audience.DEFENCE, Content.UNUSED)
    assert "data/mg6c.csv" in paths(trial.unpacked(with_schedule, tmp_path / "again"))


@pytest.mark.parametrize("audience", [Audience.DEFENCE, Audience.COURT, Audience.SUBJECT])
def test_nothing_sensitive_reaches_who_must_not_see_it_whoever_asks_for_what(
    trial: Trial, audience: Audience, tmp_path: Path
) -> None:
    for exhibit in trial.case.exhibits.all():
        explain_exhibit(trial.unit, exhibit, Why.UNHIDDEN, "nobody else is in it", at=now())
    second = make_clip(trial.unit, trial.other.originals.get(), Stretch(1, 2), WHY, at=now())
    number_exhibit(
        trial.unit, trial.case, trial.other, NewExhibit("The informant", "BB", clip=second.handle),
        at=now(),
    )  # fmt: skip
    trial.case.material.filter(recording=trial.other).update(
        status=Status.SENSITIVE, description=SENSITIVE.description, reason=SENSITIVE.reason
    )

    folder = trial.unpacked(trial.built(audience, *Content), tmp_path / "out")

    assert not [name for name in paths(folder) if "BB-1" in name or "mg6d" in name]
    for name in paths(folder):
        body = (folder / name).read_bytes()
        for secret in (b"informant", trial.other.handle.encode(), b"X0815"):
            assert secret not in body, name
    plan = plan_for(trial.unit, trial.case, Asked(audience, frozenset(Content)))
    assert any("MG6D" in film.why_not for film in plan.left_out)


def test_what_is_sensitive_in_another_case_is_in_no_package_for_the_defence_and_not_named(
    trial: Trial, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = make_clip(trial.unit, trial.other.originals.get(), Stretch(1, 2), WHY, at=now())
    number_exhibit(
        trial.unit, trial.case, trial.other, NewExhibit("The other", "BB", clip=second.handle),
        at=now(),
    )  # fmt: skip
    elsewhere = open_case(
        trial.unit, NewCase("01MP/45/26", "Another matter", trial.okafor), at=now()
    )
    add_recordings(trial.unit, elsewhere, [trial.other], "it is of this, too", at=now())
    prepared = build(
        trial.vale.as_viewer("test"), trial.case, trial.wanted(Audience.DEFENCE), at=now()
    )

    assess(trial.unit, elsewhere, trial.other, SENSITIVE, at=now())

    with pytest.raises(PackageRefused, match="in this case or another"):
        release_package(trial.osei.as_viewer("test"), prepared, at=now())
    folder = trial.unpacked(trial.built(Audience.DEFENCE, *Content), tmp_path / "out")
    for name in paths(folder):
        assert b"X0815" not in (folder / name).read_bytes(), name

    made = Package.objects.count()
    for each in (films, checks):  # if the plan of it were wrong
        monkeypatch.setattr(each, "said_of", lambda _, keys: dict.fromkeys(keys, Status.UNUSED))
    with pytest.raises(PackageRefused, match="Something in it never goes to the defence"):
        trial.built(Audience.DEFENCE)
    assert Package.objects.count() == made


def test_the_watchdog_gets_every_recording_whole_as_it_was_received(
    trial: Trial, tmp_path: Path
) -> None:
    assess(trial.unit, trial.case, trial.other, SENSITIVE, at=now())

    folder = trial.unpacked(trial.built(Audience.WATCHDOG), tmp_path / "out")

    native = sorted((folder / "data/native").iterdir())
    assert [each.read_bytes() for each in native] == [
        b"".join(pieces_of(each)) for each in Original.objects.order_by("recording__camera__serial")
    ]
    assert not (folder / "data/clips").exists()
    names = [each.name for each in verify(folder, believed()).claims]
    assert names.count("file") == 2


def pieces_of(original: Original) -> Iterator[bytes]:
    return iter(Sealed(original))


def test_what_is_made_is_on_record_with_the_case_and_each_recording_and_names_no_other(
    trial: Trial,
) -> None:
    trial.built(Audience.PROSECUTOR)

    assert force.kinds(trial.case.handle)[-1] == "package.built"
    assert force.kinds(trial.recording.handle)[-1] == "package.built"
    assert "package.built" not in force.kinds(trial.other.handle)
    [given] = Recipient.objects.filter(recording=trial.recording)
    assert given.name == "Dana Reed, CPS London North"
    public = [bytes(each.data) for each in Entry.objects.filter(kind="package.built")]
    for secret in (b"Reed", b"CPS", b"01MP", b"arrest"):
        assert not any(secret in each for each in public)


def test_the_defence_waits_for_a_second_disclosure_officer(trial: Trial) -> None:
    vale, osei = trial.vale.as_viewer("test"), trial.osei.as_viewer("test")
    package = build(vale, trial.case, trial.wanted(Audience.DEFENCE), at=now())

    with pytest.raises(PackageRefused, match="second person"):
        fetch_package(vale, package, "as a ZIP file", at=now())
    with pytest.raises(PackageRefused, match="does not release"):
        release_package(vale, package, at=now())
    with pytest.raises(NotAllowed):
        release_package(trial.unit, package, at=now())
    assert not Recipient.objects.filter(what__contains="package of case").exists()

    release_package(osei, package, at=now())

    assert fetch_package(vale, package, "as a ZIP file", at=now()).size == package.size
    assert force.kinds(trial.recording.handle)[-2:] == ["package.released", "package.fetched"]
    assert Recipient.objects.filter(what__contains="package of case").count() == 1


def test_a_download_goes_on_with_the_same_bytes_and_one_entry(trial: Trial) -> None:
    package = trial.built(Audience.PROSECUTOR)
    whole = trial.fetched(package)
    build(trial.unit, trial.case, trial.wanted(Audience.COURT), at=now())  # the log goes on

    again = fetch_package(trial.unit, package, "as a ZIP file", at=now())

    assert again.size == package.size == len(whole)
    half = len(whole) // 2
    assert b"".join(again.pieces(half)) == whole[half:]
    assert force.kinds(trial.case.handle).count("package.fetched") == 1


def test_what_is_locked_or_deleted_after_it_was_made_is_not_handed_over(trial: Trial) -> None:
    package = trial.built(Audience.PROSECUTOR)
    lock([trial.recording], Locking("m", LockKind.POST_INCIDENT, "why"), by=force.CLERK, at=now())

    with pytest.raises((PackageRefused, NotFound)):
        fetch_package(trial.unit, package, "as a ZIP file", at=now())
    with pytest.raises(PackageRefused):
        build(trial.unit, trial.case, trial.wanted(Audience.PROSECUTOR), at=now())


def test_a_package_whose_time_is_over_is_made_again(trial: Trial) -> None:
    package = trial.built(Audience.PROSECUTOR)
    assert forget_papers(at=now()) == 0
    assert forget_papers(at=package.until) == 1

    with pytest.raises(PackageRefused, match="too long ago"):
        fetch_package(trial.unit, package, "as a ZIP file", at=now())


def test_what_is_not_ready_is_refused_in_a_sentence_and_nothing_is_made(trial: Trial) -> None:
    entries = Entry.objects.count()
    for other, said in (
        ({"recipient": " "}, "by name"),
        ({"organisation": ""}, "organisation"),
        ({"because": ""}, "why"),
        ({"passed_over": ""}, "Every camera is accounted for: not yet"),
        ({"asked": Asked(Audience.SUBJECT)}, "Nothing of this case"),
        (
            {"asked": Asked(Audience.COURT, frozenset(), frozenset(
                {trial.clip.handle, trial.still.handle}))},
            "Nothing of this case",
        ),
    ):  # fmt: skip
        with pytest.raises(PackageRefused, match=said):
            build(trial.unit, trial.case, trial.wanted(Audience.COURT, **other), at=now())

    assert (Package.objects.count(), Entry.objects.count()) == (0, entries)


def test_who_is_not_of_the_case_neither_makes_nor_finds_a_package(trial: Trial) -> None:
    package = trial.built(Audience.PROSECUTOR)
    stranger = force.person("Stranger", Role.INVESTIGATOR).as_viewer("test")

    assert packages_of(stranger, trial.case) == []
    with pytest.raises(NotFound):
        package_for(stranger, trial.case, package.handle)
    with pytest.raises((NotFound, NotAllowed, PackageRefused)):
        build(stranger, trial.case, trial.wanted(Audience.PROSECUTOR), at=now())
    harding = force.person("Harding", Role.SUPERVISOR, team="Response A").as_viewer("test")
    with pytest.raises((NotAllowed, PackageRefused)):
        build(harding, trial.case, trial.wanted(Audience.PROSECUTOR), at=now())


def test_an_officer_gives_clips_away_and_no_whole_recording(trial: Trial) -> None:
    asked = Asked(Audience.PROSECUTOR, frozenset({Content.NATIVE}))
    plan = plan_for(trial.officer, trial.case, asked)

    assert [film.kind for film in plan.films] == [Content.CLIPS, Content.CLIPS]
    assert [film.why_not for film in plan.left_out] == [
        "You may not take whole recordings away. Make a clip of it, or ask the evidence unit."
    ]
