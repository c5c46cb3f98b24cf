"""A witness cosigns what only grew, and nothing else; each status is the specification's."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from tests.witness.conftest import NAME, Log
from tests.world.installation import free_port
from tests.world.waiting import eventually

from custodes.cli import witness as cli
from custodes.kernel.digest import sha256
from custodes.ledger.checkpoint import Checkpoint
from custodes.ledger.keys import Kind
from custodes.ledger.note import Note, VerifierKey, check_note, sign_note
from custodes.ledger.tree import leaf_hash
from custodes.ledger.witnessing import Cosigned, NotCosigned, Seen, Submission, submit
from custodes.witness import evidence
from custodes.witness.answering import Witness
from custodes.witness.keys import NoKeyYet, WitnessNamed, make_keys, signers
from custodes.witness.memory import Memory


def keys(witness: Witness) -> list[VerifierKey]:
    return [signer.verifier for signer in witness.signers]


def test_a_log_that_grows_is_cosigned_with_both_keys_each_time(
    witness: Witness, http: httpx.Client, log: Log
) -> None:
    old = 0
    for size in (5, 5, 6, 300):
        log.grow(size)
        submission = log.submission(old)

        answer = submit(http, "http://witness/", submission, keys(witness))

        assert isinstance(answer, Cosigned)
        vouched = check_note(Note(submission.note.text, answer.signatures), keys(witness))
        assert [each.key.kind for each in vouched] == [Kind.COSIGNATURE, Kind.ML_DSA_44]
        assert all(each.at is not None and each.at.year == 2026 for each in vouched)
        old = size


def test_the_first_checkpoint_may_be_of_an_empty_log(witness: Witness) -> None:
    empty = Log()
    witness.memory.watch(empty.signer.verifier)

    assert witness.add_checkpoint(empty.submission(0).body()).status == 200
    empty.grow(3)
    assert witness.add_checkpoint(empty.submission(0).body()).status == 200


def test_whoever_does_not_know_how_far_the_witness_is_is_told(
    witness: Witness, http: httpx.Client, log: Log
) -> None:
    assert isinstance(submit(http, "http://witness", log.submission(0), keys(witness)), Cosigned)
    log.grow(9)

    assert submit(http, "http://witness", log.submission(0), keys(witness)) == Seen(5)
    answer = http.post("/add-checkpoint", content=log.submission(3).body())
    assert (answer.status_code, answer.text) == (409, "5\n")
    assert answer.headers["Content-Type"] == "text/x.tlog.size"


def wrong_requests(log: Log) -> dict[str, tuple[int, bytes]]:
    """Return wrong requests to a witness that has seen 5, each with its status."""
    good = log.submission(5, 8)
    text = good.note.text
    other = Log("other.example/custody")
    other.grow(8)
    stranger = Log(log.name, log.leaves)
    misshapen = b"A" * 43 + b"=\n"
    wrong_empty = sign_note(f"{log.name}\n0\n{'A' * 43}=\n", log.signer).encode()
    return {
        "not a request": (400, b"hello"),
        "no old size": (400, good.body().replace(b"old 5", b"size 5")),
        "an old size with a zero": (400, good.body().replace(b"old 5", b"old 05")),
        "a hash that is too short": (400, good.body().replace(b"old 5\n", b"old 5\nAAAA\n")),
        "64 hashes": (400, b"old 5\n" + misshapen * 64 + b"\n" + str(good.note).encode()),
        "an old size beyond the new": (400, log.submission(5, 3).body()),
        "not a checkpoint": (400, b"old 5\n\n" + sign_note("hello\n", log.signer).encode()),
        "another log": (404, other.submission(0).body()),
        "another key": (403, stranger.submission(5, 8).body()),
        "a known key that did not sign this": (403, good.body().replace(b"\n8\n", b"\n9\n")),
        "signed by nobody known": (403, b"old 5\n\n" + sign_note(text, other.signer).encode()),
        "an old size that is not the last": (409, log.submission(4, 8).body()),
        "no proof": (422, log.submission(5, 8, []).body()),
        "another proof": (422, log.submission(5, 8, good.proof[::-1]).body()),
        "a proof too long": (422, log.submission(5, 8, [*good.proof, good.proof[0]]).body()),
        "a proof where none belongs": (422, log.submission(5, 5, good.proof).body()),
        "an empty log with a root": (422, b"old 0\n\n" + wrong_empty),
    }


def test_each_wrong_request_has_its_status_and_changes_nothing(
    witness: Witness, http: httpx.Client, log: Log
) -> None:
    submit(http, "http://witness", log.submission(0), keys(witness))
    log.grow(8)
    before = witness.memory.published(sha256(log.name.encode()).hex())

    for what, (status, body) in wrong_requests(log).items():
        assert http.post("/add-checkpoint", content=body).status_code == status, what

    assert witness.memory.published(sha256(log.name.encode()).hex()) == before


def test_a_history_rewritten_with_the_logs_own_key_is_refused_and_the_evidence_kept(
    witness: Witness, http: httpx.Client, log: Log
) -> None:
    submit(http, "http://witness", log.submission(0), keys(witness))
    rewritten = Log(log.name, key=log.key)
    rewritten.grow(5, "rewritten ")

    answer = submit(http, "http://witness", rewritten.submission(5), keys(witness))

    assert isinstance(answer, NotCosigned)
    assert answer.is_fork
    [case] = evidence.kept(witness.home)
    assert "two histories" in case.why
    cosigned, refused = Note.parse(case.cosigned), Note.parse(case.refused)
    log_key = [log.signer.verifier]
    assert check_note(cosigned, log_key)
    assert check_note(refused, log_key)
    before, after = Checkpoint.parse(cosigned.text), Checkpoint.parse(refused.text)
    assert (before.size, before.origin) == (after.size, after.origin)
    assert before.root != after.root
    assert check_note(cosigned, keys(witness))


def test_a_rewritten_history_that_grew_is_kept_too_and_once_only(
    witness: Witness, http: httpx.Client, log: Log
) -> None:
    submit(http, "http://witness", log.submission(0), keys(witness))
    rewritten = Log(log.name, key=log.key)
    rewritten.grow(9, "rewritten ")

    for _ in range(3):
        assert (
            http.post("/add-checkpoint", content=rewritten.submission(5).body()).status_code == 422
        )

    [case] = evidence.kept(witness.home)
    assert "only grew" in case.why
    said = CliRunner().invoke(cli.command, ["evidence", "--home", str(witness.home)])
    assert case.cosigned in said.output
    assert case.refused in said.output


def test_a_log_that_became_shorter_is_told_what_was_seen(
    witness: Witness, http: httpx.Client, log: Log
) -> None:
    submit(http, "http://witness", log.submission(0), keys(witness))

    assert submit(http, "http://witness", log.submission(0, 3), keys(witness)) == Seen(5)
    assert submit(http, "http://witness", log.submission(3, 3), keys(witness)) == Seen(5)


def test_of_many_requests_at_once_no_two_disagree(witness: Witness, log: Log) -> None:
    witness.add_checkpoint(log.submission(0).body())
    histories = [Log(log.name, log.leaves[:], log.key) for _ in range(8)]
    bodies = []
    for number, history in enumerate(histories):
        history.grow(5 + number, f"history {number} ")
        bodies.append(history.submission(5).body())
    answered: list[int] = []

    def send(body: bytes) -> None:
        answered.append(witness.add_checkpoint(body).status)

    threads = [threading.Thread(target=send, args=[body]) for body in bodies[1:]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answered) == [200, *[409] * 6]


def test_the_newest_cosigned_checkpoint_is_served_to_monitors(
    witness: Witness, http: httpx.Client, log: Log
) -> None:
    path = f"/{sha256(log.name.encode()).hex()}/checkpoint"
    assert http.get(path).status_code == 404
    other = Log("elsewhere", key=log.key)
    body = Submission(0, (), log.submission(0).note.with_lines(other.submission(0).note.signatures))

    http.post("/add-checkpoint", content=body.body())

    note = Note.parse(http.get(path).content)
    assert len(check_note(note, [log.signer.verifier, *keys(witness)])) == 3
    assert len(note.signatures) == 3  # the line of a stranger was not taken over
    assert http.get("/" + "0" * 64 + "/checkpoint").status_code == 404
    assert http.get("/add-checkpoint").status_code == 405
    assert http.get("/").status_code == 404


def test_extension_lines_of_other_logs_are_cosigned_as_they_stand(
    witness: Witness, log: Log
) -> None:
    text = Checkpoint(log.name, 1, leaf_hash(b"x")).body() + "more\n"
    note = Note.parse(sign_note(text, log.signer))

    reply = witness.add_checkpoint(Submission(0, (), note).body())

    assert reply.status == 200
    assert check_note(Note.parse(f"{text}\n{reply.body}"), keys(witness))


def test_a_witness_that_lies_is_not_believed(witness: Witness, log: Log) -> None:
    def answer(status: int, body: str) -> object:
        transport = httpx.MockTransport(lambda _: httpx.Response(status, text=body))
        http = httpx.Client(transport=transport)
        return submit(http, "http://w", log.submission(0), keys(witness))

    other = Checkpoint(log.name, 4, leaf_hash(b"x")).body()
    lines = sign_note(other, *witness.signers, at=witness.clock()).split("\n\n")[1]
    stranger = sign_note(log.submission(0).note.text, log.signer).split("\n\n")[1]
    for status, body in [(200, lines), (200, stranger), (200, "ok"), (200, ""), (409, "a lot"),
                         (409, "-1"), (503, "later"), (302, "")]:  # fmt: skip
        said = answer(status, body)
        assert isinstance(said, NotCosigned), (status, body)
        assert not said.is_fork


def test_a_witness_keeps_its_name_and_its_keys_are_its_own(tmp_path: Path) -> None:
    with pytest.raises(NoKeyYet):
        signers(tmp_path)
    make_keys(tmp_path, NAME)
    first = signers(tmp_path)
    make_keys(tmp_path, NAME)

    assert [s.verifier for s in signers(tmp_path)] == [s.verifier for s in first]
    for file in (tmp_path / "keys").glob("*.key"):
        assert file.stat().st_mode & 0o777 == 0o600
    for wrong in ("another", "with space", "", "a+b"):
        with pytest.raises(WitnessNamed):
            make_keys(tmp_path, wrong)


def test_only_a_key_that_may_be_trusted_is_watched(tmp_path: Path) -> None:
    weak = VerifierKey("weak.example", bytes([1, *[0] * 31]))

    said = CliRunner().invoke(cli.command, ["add-log", str(weak), "--home", str(tmp_path / "w")])

    assert said.exit_code == 1
    assert "small order" in said.output
    assert Memory(tmp_path / "w").watched() == []


@pytest.mark.slow
def test_the_server_answers_over_http_and_remembers_after_it_was_killed(
    tmp_path: Path, log: Log
) -> None:
    home, port = tmp_path / "w", free_port()
    script = "from custodes.cli.main import main; main()"
    run = [sys.executable, "-c", script, "witness"]
    made = subprocess.run(
        [*run, "key", "--name", NAME, "--home", str(home)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    known = [VerifierKey.parse(line) for line in made.stdout.split()]
    subprocess.run([*run, "add-log", str(log.signer.verifier), "--home", str(home)], check=True)
    url = f"http://127.0.0.1:{port}"

    def answers() -> bool:
        try:
            return httpx.get(url).status_code == 404
        except httpx.HTTPError:
            return False

    for old in (0, 5):
        command = [*run, "serve", "--home", str(home), "--port", str(port)]
        served = subprocess.Popen(command, start_new_session=True)
        try:
            eventually(answers)
            with httpx.Client() as http:
                answer = submit(http, url, log.submission(old), known)
            assert isinstance(answer, Cosigned), answer
        finally:
            os.killpg(served.pid, signal.SIGKILL)
            served.wait()
