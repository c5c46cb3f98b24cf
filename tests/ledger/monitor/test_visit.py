"""A monitor says nothing of an honest log, and names each thing that was done to another."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.ledger.monitor.logs import (
    ORIGIN,
    POLICY,
    SIGNER,
    Log,
    busy_day,
    codes,
    handle,
    watch,
)

from custodes.kernel.clock import rfc3339
from custodes.kernel.digest import b64u, sha256
from custodes.ledger.bundles import bundle
from custodes.ledger.keys import SignerKey
from custodes.ledger.monitor.visit import CannotCheck, Report, visit
from custodes.ledger.tree import leaf_hash, root_of


@pytest.mark.parametrize("seed", range(3))
def test_a_busy_honest_day_is_without_a_fault(seed: int, tmp_path: Path) -> None:
    log = busy_day(seed)

    report = watch(log, tmp_path)

    assert report.findings.found == []
    assert (report.size, report.entries) == (len(log.entries), len(log.entries))
    assert report.is_clean


def test_an_empty_log_is_without_a_fault(tmp_path: Path) -> None:
    log = Log()
    log.entries.clear()

    assert codes(watch(log, tmp_path)) == []


def test_an_altered_entry_is_named_by_the_tree_and_by_the_chain_after_it(tmp_path: Path) -> None:
    log = busy_day()
    folder = log.export(tmp_path / "log", tiles=True)
    victim = log.add("recording.noted", handle("recording 3"))
    log.add("recording.viewed", handle("recording 3"))
    folder = log.export(tmp_path / "log", tiles=True)
    log.spoil(victim, b=b64u(sha256(b"another body")))
    first = victim - victim % 256
    width = len(log.entries) - first
    (folder / f"tile/entries/{first // 256:03d}.p/{width}").write_bytes(bundle(log.entries[first:]))

    found = {(each.code, each.entry) for each in visit(folder, policy=POLICY).findings.found}
    assert found == {("altered", victim), ("chain", victim + 1), ("root", None)}


def test_an_entry_taken_out_of_the_middle_breaks_the_chain_of_its_subject(tmp_path: Path) -> None:
    log = Log()
    log.record("one", "camera")
    log.add("recording.viewed", handle("one"))
    del log.entries[3]

    report = watch(log, tmp_path)
    [fault] = report.findings.found[:1]
    assert (fault.code, fault.entry) == ("chain", 3)
    assert f"number 3 of {handle('one')} comes where number 2 should" in fault.sentence


def test_a_subject_whose_first_entries_are_gone_is_named(tmp_path: Path) -> None:
    log = Log()
    log.record("one", "camera")
    del log.entries[1]

    assert codes(watch(log, tmp_path)) == ["chain"]


@pytest.mark.parametrize("word", ["camera 0", "recording 7"])
def test_a_census_that_leaves_somebody_out_is_named(word: str, tmp_path: Path) -> None:
    log = busy_day()
    index = log.census(without=handle(word))

    [fault] = watch(log, tmp_path).findings.found
    assert (fault.code, fault.entry) == ("census", index)
    assert "leaves out 1 of" in fault.sentence


def test_a_census_that_makes_somebody_up_is_named(tmp_path: Path) -> None:
    log = busy_day()
    log._ends["B" * 21 + "A"] = replace(log._ends[handle("camera 1")], subject="B" * 21 + "A")
    log.census()

    [fault] = watch(log, tmp_path).findings.found
    assert "subjects where the entries have" in fault.sentence


@pytest.mark.parametrize(
    "change", [{"number": 99}, {"last": sha256(b"another")}, {"standing": 2}], ids=str
)
def test_a_census_with_a_wrong_leaf_is_named(change: dict[str, object], tmp_path: Path) -> None:
    log = busy_day()
    camera = handle("camera 1")
    log._ends[camera] = replace(log._ends[camera], **change)  # type: ignore[arg-type]
    log.census()

    [fault] = watch(log, tmp_path).findings.found
    assert "another root than the entries make" in fault.sentence


def test_a_census_of_entries_still_to_come_is_named(tmp_path: Path) -> None:
    log = Log()
    log.census(lag=-5)

    assert codes(watch(log, tmp_path)) == ["census-size"]


def test_a_census_knows_who_was_deleted_and_who_was_cleared(tmp_path: Path) -> None:
    log = Log()
    log.add("policy.publish", handle("policy"), rules={"r": {"days": 0, "from": "completed"}})
    for name in ("one", "two"):
        log.record(name, "camera")
    rule = {"mode": "scheduled", "pol": handle("policy"), "rule": "r"}
    log.add("recording.deleted", handle("one"), **rule)
    log.add("upload.discarded", handle("upload"))
    enter = log.count_now()
    log.add("recording.opened_page", handle("one"))
    log.add("recording.deleted", handle("two"), **rule)
    enter()
    log.census()

    assert codes(watch(log, tmp_path)) == []


def test_a_night_without_a_census_is_named_once_the_log_goes_on(tmp_path: Path) -> None:
    log = Log()
    log.census()
    for _ in range(4 * 38):
        log.pass_time(minutes=15)
        log.add("heartbeat", log.subject)

    assert codes(watch(log, tmp_path)) == ["census-late"]


def test_a_server_that_was_off_for_days_is_no_fault_but_worth_knowing(tmp_path: Path) -> None:
    log = Log()
    log.add("heartbeat", log.subject)
    log.census()
    log.pass_time(days=5)
    log.add("heartbeat", log.subject)

    report = watch(log, tmp_path)
    assert [(each.code, each.grave) for each in report.findings.found] == [("silence", False)]
    assert "5 days" in report.findings.found[0].sentence


def test_time_that_goes_back_is_named(tmp_path: Path) -> None:
    log = busy_day()
    log.pass_time(seconds=-90)
    index = log.add("person.signed_in", handle("officer 1"))

    [fault] = watch(log, tmp_path).findings.found
    assert (fault.code, fault.entry) == ("time", index)


def test_a_kind_that_is_not_in_the_list_is_named(tmp_path: Path) -> None:
    log = busy_day()
    index = log.add("recording.vanished", handle("recording 1"))

    [fault] = watch(log, tmp_path).findings.found
    assert (fault.code, fault.entry) == ("kind", index)


def test_a_day_that_is_in_no_calendar_is_named(tmp_path: Path) -> None:
    log = Log()
    log.add("person.signed_in", handle("officer"))
    log.spoil(1, t="2026-11-31T10:00:00.000Z")

    assert codes(watch(log, tmp_path)) == ["time"]


def canonical_without_order(data: bytes) -> bytes:
    value = json.loads(data)
    return json.dumps(dict(reversed(value.items())), separators=(",", ":")).encode()


SPELLINGS = {
    "a space": lambda data: data.replace(b'"v":1', b'"v": 1'),
    "members in another order": canonical_without_order,
    "a member twice": lambda data: data.replace(b'"v":1,', b'"v":1,"v":1,'),
    "another number of 9": lambda data: data.replace(b'"z":9', b'"z":9.0'),
    "a number below nothing": lambda data: data.replace(b'"z":9', b'"z":-9'),
    "nothing": lambda data: data.replace(b'"z":9', b'"z":null'),
    "an escape": lambda data: data.replace(b'"z":9', b'"z":"\\u0041"'),
    "too deep": lambda data: data.replace(b'"z":9', b'"z":[[[[1]]]]'),
    "another version": lambda data: data.replace(b'"v":1', b'"v":2'),
    "one more member": lambda data: data.replace(b'"v":1', b'"v":1,"w":1'),
    "a subject that is no handle": lambda data: data.replace(b'"s":"', b'"s":"A'),
    "a hash in another spelling": lambda data: data.replace(b'","k"', b'_","k"', 1),
    "not JSON": lambda _: b"hello",
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_an_entry_in_another_spelling_is_named(spelling: str, tmp_path: Path) -> None:
    log = Log()
    log.add("recording.ingested", handle("one"), d=handle("camera"), z=9)
    log.entries[1] = SPELLINGS[spelling](log.entries[1])

    report = watch(log, tmp_path)
    assert codes(report) == ["entry"]
    assert report.findings.found[0].entry == 1


def test_what_is_public_may_hold_any_text_and_any_array(tmp_path: Path) -> None:
    log = Log()
    odd = {"a": '\u20ac \U0001f600 " \\ \n', "b": [1, "x", True], "c": {"d": [0]}, "e": 2**53 - 1}
    log.add("copy.made", handle("one"), **odd)

    assert codes(watch(log, tmp_path)) == []


def test_a_history_rewritten_since_the_last_visit_is_named_and_the_proof_kept(
    tmp_path: Path,
) -> None:
    state = tmp_path / "state.json"
    log = busy_day()
    first = visit(log.export(tmp_path / "one"), policy=POLICY, state=state)
    remembered = state.read_text()
    rewritten = busy_day(seed=2)
    for _ in range(400):
        rewritten.add("person.signed_in", handle("officer"))

    second = visit(rewritten.export(tmp_path / "two"), policy=POLICY, state=state)
    assert first.is_clean
    assert codes(second) == ["forked"]
    assert state.read_text() == remembered


@pytest.mark.parametrize("more", [0, 1, 255, 256, 700])
def test_a_log_that_only_grew_is_what_the_last_visit_saw(more: int, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    log = busy_day()
    visit(log.export(tmp_path / "one"), policy=POLICY, state=state)
    for _ in range(more):
        log.add("person.signed_in", handle("officer"))

    assert codes(visit(log.export(tmp_path / "two"), policy=POLICY, state=state)) == []
    assert json.loads(state.read_text())["size"] == len(log.entries)


def test_a_log_that_became_shorter_is_named(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    log = busy_day()
    visit(log.export(tmp_path / "one"), policy=POLICY, state=state)
    del log.entries[-1]

    assert codes(visit(log.export(tmp_path / "two"), policy=POLICY, state=state)) == ["rolled-back"]


def test_a_log_of_the_same_size_with_another_end_is_named(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    log = busy_day()
    visit(log.export(tmp_path / "one"), policy=POLICY, state=state)
    log.spoil(len(log.entries) - 1, b=b64u(sha256(b"another")))

    assert codes(visit(log.export(tmp_path / "two"), policy=POLICY, state=state)) == ["forked"]


def test_a_bundle_that_is_gone_or_cut_short_is_named(tmp_path: Path) -> None:
    folder = busy_day().export(tmp_path / "log")
    (folder / "tile/entries/001").unlink()

    [fault] = visit(folder, policy=POLICY).findings.found[-1:]
    assert (fault.code, fault.entry) == ("missing", 256)
    whole = (folder / "tile/entries/000").read_bytes()
    (folder / "tile/entries/000").write_bytes(whole[:-1])
    assert codes(visit(folder, policy=POLICY)) == ["missing"]


def test_a_signature_that_does_not_hold_is_named(tmp_path: Path) -> None:
    folder = busy_day().export(tmp_path / "log")
    note = (folder / "checkpoint").read_text()
    (folder / "checkpoint").write_text(note.replace(note.split("\n")[1], "300", 1))

    assert "signature" in codes(visit(folder, policy=POLICY))


def test_a_checkpoint_by_somebody_else_is_nothing_to_go_by(tmp_path: Path) -> None:
    other = SignerKey(SIGNER.name, Ed25519PrivateKey.from_private_bytes(b"\x08" * 32))
    folder = busy_day().export(tmp_path / "log", signer=other)

    with pytest.raises(CannotCheck, match="no key"):
        visit(folder, policy=POLICY)
    with pytest.raises(CannotCheck, match="checkpoint is not there"):
        visit(tmp_path / "nowhere")


def test_without_a_policy_it_says_that_nobody_vouches(tmp_path: Path) -> None:
    report = visit(busy_day().export(tmp_path / "log"))

    assert report.is_clean
    assert [each.code for each in report.findings.found] == ["unsigned"]


def test_a_second_beginning_is_named(tmp_path: Path) -> None:
    log = Log()
    log.add("log.genesis", handle("another log"), o="b", f="c")

    assert codes(watch(log, tmp_path)) == ["genesis"]


def test_times_are_told_to_the_millisecond() -> None:
    # The comparison of times as text holds for the one width that the format has.
    log = Log()
    assert rfc3339(log.at + timedelta(milliseconds=1)) > rfc3339(log.at)


def test_a_successor_that_names_the_log_it_follows_is_told_and_no_fault(tmp_path: Path) -> None:
    log = busy_day()
    kept = len(log.entries)
    log.add("log.genesis", handle("next"), o=f"{ORIGIN}/2", po=ORIGIN, pz=kept + 7, pr="x" * 43)

    found = watch(log, tmp_path).findings.found
    # The checkpoint of this test still bears the old name; that is a fault of its own.
    told, _ = found
    assert (told.code, told.entry, told.grave) == ("successor", kept, False)
    assert told.sentence.startswith(f"{ORIGIN} lost its end: 7 of its {kept + 7} entries")


@pytest.mark.parametrize("facts", [{}, {"po": "another/log", "pz": 10_000}, {"po": "", "pz": 3}])
def test_a_second_log_inside_another_is_a_fault(facts: dict[str, object], tmp_path: Path) -> None:
    log = busy_day()
    named = {**facts, "po": ORIGIN} if facts.get("pz") == 3 else facts
    log.add("log.genesis", handle("next"), o=f"{ORIGIN}/2", **named)

    assert "genesis" in codes(watch(log, tmp_path))


def succeeded(log: Log, lost: int, **named: object) -> SignerKey:
    """Lose the end of a log and go on under another name; return the key that signs then."""
    leaves = [leaf_hash(entry) for entry in log.entries]
    facts = {"po": ORIGIN, "pz": len(leaves), "pr": b64u(root_of(leaves)), **named}
    del log.entries[len(leaves) - lost :]
    log.add("log.genesis", handle("next"), o=f"{ORIGIN}/2", f="custodes-entry/v1", **facts)
    return SignerKey(f"{ORIGIN}/2", Ed25519PrivateKey.from_private_bytes(b"\x08" * 32))


def see(log: Log, folder: Path, signer: SignerKey = SIGNER) -> Report:
    """Visit a log under either of its names, remembering what the last visit saw."""
    log.export(folder / str(len(log.entries)), signer=signer, origin=signer.verifier.name)
    return visit(folder / str(len(log.entries)), state=folder / "state.json")


@pytest.mark.parametrize("lost", [0, 3])
def test_who_remembers_the_old_log_goes_on_with_its_successor(lost: int, tmp_path: Path) -> None:
    log = busy_day()
    see(log, tmp_path)

    next_key = succeeded(log, lost)
    once = see(log, tmp_path, next_key)
    log.record("another", "X9")
    again = see(log, tmp_path, next_key)

    assert (codes(once), codes(again)) == ([], [])
    assert "successor" in [each.code for each in once.findings.found]
    assert json.loads((tmp_path / "state.json").read_text())["origin"] == f"{ORIGIN}/2"


@pytest.mark.parametrize(
    ("named", "code"), [({"pz": 20}, "rolled-back"), ({"pr": "x" * 43}, "forked")]
)
def test_a_successor_that_hides_what_was_seen_of_the_old_log_is_named(
    named: dict[str, object], code: str, tmp_path: Path
) -> None:
    log = busy_day()
    if "pz" in named:
        named["pr"] = b64u(root_of(leaf_hash(entry) for entry in log.entries[:20]))
    see(log, tmp_path)

    report = see(log, tmp_path, succeeded(log, 3, **named))

    assert code in codes(report)


def test_a_successor_of_entries_that_were_changed_is_named(tmp_path: Path) -> None:
    log = busy_day()
    see(log, tmp_path)
    log.spoil(2, t="2026-11-03T06:00:02.500Z")

    report = see(log, tmp_path, succeeded(log, 0, pr="x" * 43))

    assert "genesis" in codes(report)
    assert "forked" in codes(report)


def test_entries_of_the_old_log_that_no_checkpoint_had_belong_to_its_successor(
    tmp_path: Path,
) -> None:
    log = busy_day()
    root = b64u(root_of(leaf_hash(entry) for entry in log.entries[:5]))

    assert codes(see(log, tmp_path, succeeded(log, 0, pz=5, pr=root))) == []


def test_the_memory_of_another_log_says_nothing_about_this_one(tmp_path: Path) -> None:
    see(busy_day(), tmp_path)
    other = Log()
    other.spoil(0, x={"o": f"{ORIGIN}/2", "f": "custodes-entry/v1"})

    with pytest.raises(CannotCheck, match="remembers another log"):
        see(other, tmp_path, SignerKey(f"{ORIGIN}/2", SIGNER.private))
