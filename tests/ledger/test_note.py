"""Signed notes: read as the specification says, and nothing is believed that was not signed."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey
from hypothesis import given
from hypothesis import strategies as st

from custodes.ledger import keys
from custodes.ledger.checkpoint import Checkpoint
from custodes.ledger.keys import CannotCheck, KeyInvalid, Kind, SignatureWrong
from custodes.ledger.note import (
    Note,
    NoteInvalid,
    NoteMalformed,
    Signature,
    SignerKey,
    UnknownSigners,
    VerifierKey,
    WrongSignature,
    check_note,
    open_note,
    sign_note,
)
from custodes.ledger.tree import leaf_hash
from custodes.ledger.weak_keys import why_weak

VECTORS = Path(__file__).parent / "vectors"
AT = datetime(2026, 11, 3, 9, 15, tzinfo=UTC)
DASH = "\N{EM DASH} "
# The example of C2SP signed-note v1.0, "Verifier keys".
EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE = (
    "This is an example message.\n\n\N{EM DASH} example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq"
    "6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
CHECKPOINT = Checkpoint("example.com/log", 7, leaf_hash(b"x"))


def signer(name: str = "example.com/log", kind: Kind = Kind.ED25519) -> SignerKey:
    seed = leaf_hash(f"{name} {kind}".encode())
    if kind is Kind.ML_DSA_44:
        return SignerKey(name, MLDSA44PrivateKey.from_seed_bytes(seed))
    return SignerKey(name, Ed25519PrivateKey.from_private_bytes(seed), kind)


def published(name: str) -> tuple[str, list[VerifierKey]]:
    lines = (VECTORS / f"{name}.vkeys").read_text().split()
    return (VECTORS / f"{name}.note").read_text(), [VerifierKey.parse(line) for line in lines]


def test_the_example_of_the_specification_opens() -> None:
    key = VerifierKey.parse(EXAMPLE_KEY)

    assert open_note(EXAMPLE, key) == "This is an example message.\n"
    assert str(key) == EXAMPLE_KEY
    assert str(Note.parse(EXAMPLE)) == EXAMPLE


def test_the_text_may_hold_empty_lines_for_the_last_one_parts_the_signatures() -> None:
    # The first example of the specification; its key is not given there.
    poem = (
        "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\n"
        "ed è subito sera.\n\n\N{EM DASH} quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/"
        "5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n"
    )

    parsed = Note.parse(poem)

    assert parsed.text.endswith("\n\ned è subito sera.\n")
    assert [each.name for each in parsed.signatures] == ["quasimodo.example/salvatore"]
    assert parsed.signatures[0].key_id == base64.b64decode("NnugSw==")


@pytest.mark.parametrize("name", ["ed25519", "ml-dsa-44"])
def test_what_other_programs_signed_holds_here(name: str) -> None:
    note, known = published(name)

    vouched = check_note(Note.parse(note), known)

    assert [each.key for each in vouched] == known
    assert all(each.checked for each in vouched)
    times = {each.key.kind: each.at for each in vouched}
    assert times.get(Kind.COSIGNATURE, times.get(Kind.ML_DSA_44)).year == 2026  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["ed25519", "ml-dsa-44"])
def test_what_other_programs_signed_does_not_hold_over_another_size(name: str) -> None:
    note, known = published(name)
    origin, _, rest = note.split("\n", 2)

    with pytest.raises(WrongSignature):
        check_note(Note.parse(f"{origin}\n42\n{rest}"), known)


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_of_signature_holds_over_its_own_text_only(kind: Kind) -> None:
    by = signer(kind=kind)
    note = sign_note(CHECKPOINT.body(), by, at=AT)

    [vouched] = check_note(Note.parse(note), [by.verifier])

    assert vouched.at == (None if kind is Kind.ED25519 else AT)
    assert VerifierKey.parse(str(by.verifier)) == by.verifier
    with pytest.raises(WrongSignature):
        open_note(note.replace("\n7\n", "\n8\n"), by.verifier)


@pytest.mark.parametrize("kind", [Kind.COSIGNATURE, Kind.ML_DSA_44])
def test_the_time_of_a_signature_cannot_be_changed(kind: Kind) -> None:
    by = signer(kind=kind)
    raw = by.sign(CHECKPOINT.body(), AT)[4:]

    earlier = (int.from_bytes(raw[:8], "big") - 1).to_bytes(8, "big") + raw[8:]

    with pytest.raises(SignatureWrong):
        by.verifier.check(earlier, CHECKPOINT.body())


def test_a_plain_signature_does_not_pass_as_a_cosignature_by_the_same_key() -> None:
    plain = signer()
    timed = VerifierKey(plain.name, plain.verifier.public, Kind.COSIGNATURE)
    raw = plain.sign(CHECKPOINT.body())[4:]

    with pytest.raises(SignatureWrong):
        timed.check(bytes(8) + raw, CHECKPOINT.body())
    assert timed.key_id != plain.verifier.key_id


def test_an_ml_dsa_signature_is_for_one_signer_and_one_log() -> None:
    by = signer(kind=Kind.ML_DSA_44)
    raw = by.sign(CHECKPOINT.body(), AT)[4:]

    with pytest.raises(SignatureWrong):
        VerifierKey("another.name", by.verifier.public, Kind.ML_DSA_44).check(
            raw, CHECKPOINT.body()
        )
    with pytest.raises(SignatureWrong):
        by.verifier.check(raw, CHECKPOINT.body().replace("example.com/log", "example.com/lag"))


def test_lines_by_unknown_keys_are_passed_over_even_with_a_known_name() -> None:
    known, other = signer(), signer("elsewhere")
    same_name = SignerKey(known.name, other.private)
    note = sign_note("text\n", other, same_name, known)

    assert open_note(note, known.verifier) == "text\n"
    with pytest.raises(UnknownSigners):
        open_note(sign_note("text\n", other, same_name), known.verifier)


def test_a_known_key_with_a_bad_signature_refuses_the_note_whoever_else_signed() -> None:
    good, bad = signer(), signer("example.com/other")
    forged = Signature(bad.name, bad.verifier.key_id, bytes(64))
    note = str(Note.parse(sign_note("text\n", good)).with_lines([forged]))

    assert open_note(note, good.verifier) == "text\n"
    with pytest.raises(WrongSignature):
        open_note(note, good.verifier, bad.verifier)


def test_64_signatures_are_read_and_one_more_is_refused() -> None:
    key = signer()
    others = [signer(f"w{n}").sign("text\n") for n in range(64)]
    lines = [f"{DASH}w{n} {base64.b64encode(raw).decode()}\n" for n, raw in enumerate(others)]

    known = f"{DASH}{key.name} {base64.b64encode(key.sign('text' + chr(10))).decode()}\n"
    assert open_note("text\n\n" + "".join(lines[:63]) + known, key.verifier) == "text\n"
    with pytest.raises(NoteMalformed, match="more than 64"):
        open_note("text\n\n" + "".join(lines) + known, key.verifier)


def _mangled() -> dict[str, bytes]:
    raw = EXAMPLE.encode()
    head, line = EXAMPLE.split("\n\n")
    return {
        "no signatures": b"text\n\n",
        "nothing": b"",
        "no empty line": EXAMPLE.replace("\n\n", "\n").encode(),
        "not ended": raw[:-1],
        "a carriage return": raw.replace(b"message.", b"message.\r"),
        "a tab": raw.replace(b"This is", b"This\tis"),
        "a null": raw.replace(b"This is", b"This\0is"),
        "not UTF-8": raw.replace(b"example m", b"ex\xffmple m"),
        "a hyphen for a dash": raw.replace("\N{EM DASH}".encode(), b"-"),
        "no name": EXAMPLE.replace("example.com/foo ", " ").encode(),
        "a plus in the name": EXAMPLE.replace("com/foo U", "com+foo U").encode(),
        "a no-break space in the name": EXAMPLE.replace("com/foo U", "com\xa0foo U").encode(),
        "not base64": EXAMPLE.replace("Uw2Q", "Uw2_").encode(),
        "base64 in another spelling": EXAMPLE.replace("aQM=", "aQN=").encode(),
        "base64 without its end": EXAMPLE.replace("aQM=", "aQM").encode(),
        "a key number alone": f"{head}\n\n{DASH}example.com/foo Uw2QOg==\n".encode(),
        "a line after the signatures": f"{head}\n\n{line}trailing\n".encode(),
        "too long": b"x" * (1 << 20) + raw,
    }


@pytest.mark.parametrize("how", _mangled())
def test_a_note_that_is_not_written_as_it_must_be_is_refused(how: str) -> None:
    with pytest.raises(NoteMalformed):
        open_note(_mangled()[how], VerifierKey.parse(EXAMPLE_KEY))


@given(st.data())
def test_no_change_of_one_character_is_believed(data: st.DataObject) -> None:
    by = signer()
    note = sign_note("line one\n\nline three\n", by)
    at = data.draw(st.integers(0, len(note) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda c: c != note[at]))
    changed = note[:at] + other + note[at + 1 :]

    try:
        said = open_note(changed, by.verifier)
    except NoteInvalid:
        return
    pytest.fail(f"{changed!r} passed as {said!r}")


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_and_nothing_else_happens(raw: bytes) -> None:
    try:
        again = str(Note.parse(raw))
    except NoteMalformed:
        return
    assert again.encode() == raw


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.com/foo",
        "example.com/foo+530d903a",
        EXAMPLE_KEY[:-1] + "l",
        EXAMPLE_KEY.replace("530d903a", "530d903b"),
        EXAMPLE_KEY.replace("530d903a", "530D903A"),
        EXAMPLE_KEY.replace("example.com/foo", "example.com/fop"),
        EXAMPLE_KEY.replace("example.com/foo", ""),
        EXAMPLE_KEY.replace("example.com/foo", "example com"),
        "example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "rekor.sigstore.dev+12345678+AwEB",
    ],
)
def test_a_key_whose_parts_do_not_belong_together_is_refused(text: str) -> None:
    with pytest.raises(KeyInvalid):
        VerifierKey.parse(text)


# The points whose order divides 8 in their canonical spelling (RFC 8032 s5.1.3), and the
# other spellings that decoders let through ("Taming the many EdDSAs", 2020, table 1c).
SMALL = [
    "01" + 31 * "00",
    "ec" + 30 * "ff" + "7f",
    32 * "00",
    31 * "00" + "80",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
]
OTHER_SPELLINGS = [
    "01" + 30 * "00" + "80",
    *(low + 30 * "ff" + high for low in ("ed", "ee") for high in ("7f", "ff")),
    "ec" + 31 * "ff",
    *(f"{low:02x}" + 30 * "ff" + "7f" for low in range(0xEF, 0x100)),
]


@pytest.mark.parametrize("encoded", SMALL)
def test_a_key_of_small_order_is_refused(encoded: str) -> None:
    raw = bytes.fromhex(encoded)

    assert "small order" in str(why_weak(raw))
    for kind in (Kind.ED25519, Kind.COSIGNATURE):
        with pytest.raises(KeyInvalid, match="refused"):
            VerifierKey.parse(str(VerifierKey("example.com/weak", raw, kind)))


def test_a_key_of_small_order_would_let_anybody_sign() -> None:
    # R = A = the neutral point and S = 0 satisfy the equation for every text.
    neutral = bytes.fromhex(SMALL[0])
    forged = neutral + bytes(32)

    VerifierKey("example.com/weak", neutral).check(forged, "whatever I like\n")


@pytest.mark.parametrize("encoded", OTHER_SPELLINGS)
def test_a_key_in_another_than_its_one_spelling_is_refused(encoded: str) -> None:
    assert "spelling" in str(why_weak(bytes.fromhex(encoded)))


@given(st.binary(min_size=32, max_size=32))
def test_an_honest_key_is_never_called_weak(seed: bytes) -> None:
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()

    assert why_weak(public) is None


def test_where_ml_dsa_is_missing_the_line_is_reported_and_not_believed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    by = signer(kind=Kind.ML_DSA_44)
    note = sign_note(CHECKPOINT.body(), by, at=AT)

    class Missing(MLDSA44PublicKey):
        @classmethod
        def from_public_bytes(cls, _data: object) -> MLDSA44PublicKey:
            raise keys.UnsupportedAlgorithm("no ML-DSA here")

    monkeypatch.setattr(keys, "MLDSA44PublicKey", Missing)
    with pytest.raises(CannotCheck):
        by.verifier.check(Note.parse(note).signatures[0].rest, CHECKPOINT.body())
    [vouched] = check_note(Note.parse(note), [by.verifier])
    assert not vouched.checked
    with pytest.raises(UnknownSigners):
        open_note(note, by.verifier)
