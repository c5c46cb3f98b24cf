"""Whom to believe stands in a file of one's own, and each part of the answer is said apart."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger.test_note import AT, CHECKPOINT, DASH, SMALL, signer

from custodes.ledger.keys import Kind
from custodes.ledger.note import NoteInvalid, SignerKey, VerifierKey, sign_note
from custodes.ledger.policy import Policy, PolicyInvalid, verify_note

LOG = signer()
LOG_PQ = signer(kind=Kind.ML_DSA_44)
X = [signer(f"x{n}.example/w", Kind.COSIGNATURE) for n in range(3)]
Y = [signer(f"y{n}.example/w", Kind.COSIGNATURE) for n in range(2)]
WITNESS_LINES = [
    *(f"witness X{n} {key.verifier} https://x{n}.example/w" for n, key in enumerate(X)),
    *(f"witness Y{n} {key.verifier}" for n, key in enumerate(Y)),
]
# The example of the specification, with keys.
TEXT = "\n".join(
    [
        f"log {LOG.verifier} https://log.example/",
        f"log\t{LOG_PQ.verifier}",
        "",
        "  # two organisations",
        *WITNESS_LINES[:3],
        "group X-witnesses 2 X0 X1 X2",
        *WITNESS_LINES[3:],
        "group Y-witnesses any Y0 Y1",
        " group  X-and-Y  all X-witnesses\tY-witnesses ",
        "quorum X-and-Y",
        "",
    ]
)
POLICY = Policy.parse(TEXT)


def cosigned(*witnesses: SignerKey, by: tuple[SignerKey, ...] = (LOG, LOG_PQ)) -> str:
    note = sign_note(CHECKPOINT.body(), *by, at=AT)
    for number, witness in enumerate(witnesses):
        at = AT + timedelta(seconds=number)
        note += sign_note(CHECKPOINT.body(), witness, at=at).split("\n\n")[1]
    return note


def test_the_example_of_the_specification_is_read() -> None:
    assert [log.url for log in POLICY.logs] == ["https://log.example/", ""]
    assert POLICY.witnesses["X1"].url == "https://x1.example/w"
    assert POLICY.groups["X-witnesses"].threshold == 2
    assert POLICY.groups["Y-witnesses"].threshold == 1
    assert POLICY.groups["X-and-Y"].members == ("X-witnesses", "Y-witnesses")
    assert POLICY.quorum == "X-and-Y"
    assert Policy.parse(str(POLICY)) == POLICY


@pytest.mark.parametrize(
    ("witnesses", "met"),
    [
        ([], False),
        (X, False),
        (Y, False),
        ([X[0], Y[0]], False),
        ([X[0], X[2], Y[1]], True),
        ([X[0], X[0], Y[1]], False),
    ],
)
def test_a_quorum_is_met_by_enough_different_witnesses(
    witnesses: list[SignerKey], met: bool
) -> None:
    held = verify_note(POLICY, cosigned(*witnesses))

    assert held.quorum_met is met
    assert len(held.witnesses) == len(set(map(str, witnesses)))


def test_what_holds_is_said_part_by_part() -> None:
    held = verify_note(POLICY, cosigned(X[1], Y[0]))

    assert held.checkpoint == CHECKPOINT
    assert held.log_keys == (LOG.verifier, LOG_PQ.verifier)
    assert held.witnesses == {"X1": AT, "Y0": AT + timedelta(seconds=1)}
    assert not held.unchecked


def test_one_key_of_the_log_is_enough() -> None:
    assert verify_note(POLICY, cosigned(by=(LOG,))).log_keys == (LOG.verifier,)
    assert verify_note(POLICY, cosigned(by=(LOG_PQ,))).log_keys == (LOG_PQ.verifier,)


def refused(note: str, policy: Policy = POLICY) -> str:
    with pytest.raises(NoteInvalid) as caught:
        verify_note(policy, note)
    return caught.value.code


def test_each_refusal_has_its_own_code() -> None:
    stranger = SignerKey(LOG.name, signer("stranger").private)
    witness = X[0].verifier
    forged = f"{DASH}{witness.name} " + "AAAA"

    assert refused("nonsense") == "note-malformed"
    assert refused(sign_note("not a checkpoint\n", LOG)) == "note-malformed"
    assert refused(sign_note(CHECKPOINT.body() + "extension\n", LOG)) == "note-malformed"
    assert refused(cosigned(), Policy.parse("quorum none\n")) == "log-unknown"
    assert refused(cosigned(X[0], by=(stranger,))) == "signers-unknown"
    assert refused(cosigned() + forged) == "note-malformed"
    assert refused(cosigned().replace("\n7\n", "\n8\n")) == "signature-wrong"


def test_the_key_of_one_log_does_not_speak_for_another() -> None:
    other = signer("other.example/log")
    policy = Policy.parse(f"{TEXT}log {other.verifier}\n")

    assert refused(sign_note(CHECKPOINT.body(), other), policy) == "signers-unknown"


def test_a_known_witness_with_a_bad_signature_refuses_the_checkpoint() -> None:
    other = sign_note(CHECKPOINT.body().replace("\n7\n", "\n9\n"), X[0], at=AT)

    assert refused(cosigned(X[1]) + other.split("\n\n")[1]) == "signature-wrong"


def test_an_ml_dsa_witness_that_states_no_time_has_not_witnessed() -> None:
    witness = signer("pq.example/w", Kind.ML_DSA_44)
    policy = Policy.parse(f"log {LOG.verifier}\nwitness W {witness.verifier}\nquorum W\n")
    timeless = AT.replace(year=1970, month=1, day=1, hour=0, minute=0)
    line = sign_note(CHECKPOINT.body(), witness, at=timeless).split("\n\n")[1]

    held = verify_note(policy, cosigned(by=(LOG,)) + line)

    assert not held.witnesses
    assert not held.quorum_met


BAD = {
    "no quorum": f"log {LOG.verifier}\n",
    "two quorums": "quorum none\nquorum none\n",
    "an unknown quorum": "quorum W\n",
    "an unknown line": "quorum none\nwitnes W x\n",
    "a log twice": f"log {LOG.verifier}\nlog {LOG.verifier}\nquorum none\n",
    "a log's key under two names": f"log {LOG.verifier}\n"
    f"log {VerifierKey('b', LOG.verifier.public)}\nquorum none\n",
    "a witness twice": f"witness A {X[0].verifier}\nwitness B {X[0].verifier}\nquorum none\n",
    "a name twice": f"witness A {X[0].verifier}\nwitness A {X[1].verifier}\nquorum none\n",
    "the name none": f"witness none {X[0].verifier}\nquorum none\n",
    "a witness with a log's kind of key": f"witness A {LOG.verifier}\nquorum none\n",
    "a log with a witness's kind of key": f"log {X[0].verifier}\nquorum none\n",
    "a member from below": f"group G any A\nwitness A {X[0].verifier}\nquorum G\n",
    "a member twice": f"witness A {X[0].verifier}\ngroup G 1 A A\nquorum G\n",
    "a member of two groups": f"witness A {X[0].verifier}\ngroup G 1 A\ngroup H 1 A\nquorum G\n",
    "none as a member": f"witness A {X[0].verifier}\ngroup G 1 none\nquorum G\n",
    "an empty group": "group G all\nquorum G\n",
    "more than there are": f"witness A {X[0].verifier}\ngroup G 2 A\nquorum G\n",
    "none of them": f"witness A {X[0].verifier}\ngroup G 0 A\nquorum G\n",
    "a threshold with a sign": f"witness A {X[0].verifier}\ngroup G +1 A\nquorum G\n",
    "a carriage return": "quorum none\r\n",
    "a delete character": "quorum none\n# \x7f\n",
    "a weak log": f"log {VerifierKey('weak', bytes.fromhex(SMALL[4]))}\nquorum none\n",
    "a weak witness": "quorum none\n"
    f"witness A {VerifierKey('weak', bytes.fromhex(SMALL[0]), Kind.COSIGNATURE)}\n",
    "a key spelt otherwise": f"log {VerifierKey('odd', bytes.fromhex('ee' + 30 * 'ff' + '7f'))}\n"
    "quorum none\n",
}


@pytest.mark.parametrize("what", BAD)
def test_a_policy_with_anything_wrong_is_refused_whole(what: str) -> None:
    with pytest.raises(PolicyInvalid):
        Policy.parse(BAD[what])


def test_names_are_octets_and_a_look_alike_is_another_name() -> None:
    text = f"witness K {X[0].verifier}\nwitness \N{KELVIN SIGN} {X[1].verifier}\nquorum K\n"
    raw = text.encode() + b"# \xff\xfe\n"

    policy = Policy.parse(raw)

    assert len(policy.witnesses) == 2
    assert policy.is_met_by({"K"})
    assert not policy.is_met_by({"\N{KELVIN SIGN}"})


def test_32_logs_witnesses_and_groups_are_taken() -> None:
    lines = [f"log {signer(f'log{n}').verifier}" for n in range(32)]
    lines += [f"witness W{n} {signer(f'w{n}', Kind.COSIGNATURE).verifier}" for n in range(32)]
    lines += [f"group G{n} any W{n}" for n in range(32)]

    assert len(Policy.parse("\n".join([*lines, "quorum G31"])).groups) == 32


@given(st.binary(max_size=300))
def test_any_bytes_are_a_policy_or_refused(raw: bytes) -> None:
    try:
        policy = Policy.parse(raw)
    except PolicyInvalid:
        return
    assert Policy.parse(str(policy)) == policy


@given(st.sets(st.sampled_from(["X0", "X1", "X2", "Y0", "Y1"])))
def test_another_witness_never_makes_a_met_quorum_unmet(names: set[str]) -> None:
    if POLICY.is_met_by(names):
        assert all(POLICY.is_met_by(names | {more}) for more in POLICY.witnesses)
