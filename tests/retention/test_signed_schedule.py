"""The schedule that is handed out is the one the engine used, and anybody can check it (RET-05)."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from dataclasses import replace

import pytest
from tests.world import force
from tests.world.keeping import DAY, DUE, ENGINE, delivered, swept

from custodes.custody.checkpoints import publish as publish_checkpoint
from custodes.custody.genesis import begin_log
from custodes.custody.models import Entry
from custodes.custody.outside import own_policy
from custodes.kernel.digest import b64u
from custodes.ledger.entry import parse_entry
from custodes.ledger.proof import LogProof, verify_proof
from custodes.ledger.tree import leaf_hash
from custodes.people.rules import Role, Viewer
from custodes.retention.actions.schedule import publish, publish_first
from custodes.retention.facts import schedule_at
from custodes.retention.models import ScheduleVersion, Tombstone
from custodes.retention.rules.default import DEFAULT
from custodes.retention.rules.periods import Period
from custodes.retention.signed import signed_export
from custodes.retention.writing import read_schedule

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vault_of_its_own")]


@pytest.fixture
def officer() -> Viewer:
    return force.person("Okafor").as_viewer("web")


def unpacked(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as found:
        return {name.rpartition("/")[2]: found.read(name) for name in found.namelist()}


def digest(content: bytes) -> str:
    return b64u(hashlib.sha256(content).digest())


def test_an_outsider_checks_every_form_of_it_with_the_proof_alone(officer: Viewer) -> None:
    begin_log(by=ENGINE, at=force.NOON)
    publish_first(by=ENGINE, at=force.NOON)
    publish_checkpoint(force.NOON)

    files = unpacked(signed_export(officer, 1))

    proof = LogProof.parse(files["entry.tlog-proof"].decode())
    held = verify_proof(proof, leaf_hash(files["entry.json"]), own_policy())
    facts = parse_entry(files["entry.json"]).facts
    assert held.checkpoint.size == 2
    assert facts["doc"] == digest(files["schedule.json"])
    assert facts["csv"] == digest(files["schedule.csv"])
    assert facts["html"] == digest(files["schedule.html"])
    assert "openssl dgst -sha256" in files["README.txt"].decode()


def test_one_letter_changed_in_the_table_does_not_match_the_log(officer: Viewer) -> None:
    publish_first(by=ENGINE, at=force.NOON)
    version = ScheduleVersion.objects.get()
    facts = parse_entry(bytes(Entry.objects.get(subject=version.handle).data)).facts

    assert facts["csv"] == digest(version.table.encode())
    assert facts["csv"] != digest(version.table.replace("31 days", "32 days", 1).encode())


def test_the_export_equals_what_the_engine_used_on_that_date(officer: Viewer) -> None:
    begin_log(by=ENGINE, at=force.NOON)
    recording = delivered()
    swept(DUE)
    records = force.person("Records", Role.RECORDS).as_viewer("web")
    first = DEFAULT.lines[0]
    longer = replace(
        DEFAULT,
        lines=(replace(first, keep=Period(days=60)), *DEFAULT.lines[1:]),
        effective_at=DUE + DAY,
    )
    publish(records, longer, "panels", "somebody else", at=DUE)
    publish_checkpoint(DUE)

    old, new = (unpacked(signed_export(officer, number)) for number in (1, 2))

    used = schedule_at(DUE)
    stone = Tombstone.objects.get(handle=recording.handle)
    deleted = parse_entry(bytes(Entry.objects.get(index=stone.entry).data)).facts
    assert read_schedule(old["schedule.json"].decode()) == used
    assert parse_entry(old["entry.json"]).subject == deleted["pol"]
    assert read_schedule(new["schedule.json"].decode()) == schedule_at(DUE + DAY)
    assert _row_of("N0", old)[2] == "31 days"
    assert _row_of("N0", new)[2] == "60 days"


def test_what_is_on_the_page_and_in_the_table_is_what_the_engine_reads(officer: Viewer) -> None:
    publish_first(by=ENGINE, at=force.NOON)
    version = ScheduleVersion.objects.get()
    lines = json.loads(version.document)["lines"]
    rows = list(csv.reader(io.StringIO(version.table)))[1:]

    assert [row[0] for row in rows] == [line["code"] for line in lines]
    for line, row in zip(DEFAULT.lines, rows, strict=True):
        assert row[2] == str(line.keep)
        assert row[6] == line.authority
        assert f"<td>{line.keep}</td>" in version.page
    assert "outcome convicted" in version.table
    assert "after a hold for subject access request" in version.page


def _row_of(code: str, files: dict[str, bytes]) -> list[str]:
    rows = csv.reader(io.StringIO(files["schedule.csv"].decode()))
    return next(row for row in rows if row[0] == code)
