"""A checkpoint is three lines, written in one way only."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custodes.ledger.checkpoint import Checkpoint, CheckpointInvalid, EmptyTreeHasOneRoot
from custodes.ledger.tree import EMPTY_ROOT, leaf_hash

# The example of C2SP tlog-checkpoint v1.0.
EXAMPLE = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"


def test_the_example_of_the_specification_is_read_and_written_again() -> None:
    checkpoint = Checkpoint.parse(EXAMPLE)

    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert checkpoint.root.hex().startswith("0ac5186a")
    assert checkpoint.body() == EXAMPLE


@given(st.integers(1, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_what_is_written_is_read_as_it_was(size: int, root: bytes) -> None:
    checkpoint = Checkpoint("example.com/log", size, root)

    assert Checkpoint.parse(checkpoint.body()) == checkpoint


@pytest.mark.parametrize(
    "text",
    [
        EXAMPLE[:-1],
        EXAMPLE + "extension\n",
        EXAMPLE.replace("20852163", "020852163"),
        EXAMPLE.replace("20852163", "+20852163"),
        EXAMPLE.replace("20852163", "2_0"),
        EXAMPLE.replace("20852163", "\N{ARABIC-INDIC DIGIT TWO}"),
        EXAMPLE.replace("20852163", str(2**63)),
        EXAMPLE.replace("20852163", ""),
        EXAMPLE.replace("q2I=", "q2J="),
        EXAMPLE.replace("q2I=", "q2I"),
        EXAMPLE.replace("CsUY", ""),
        EXAMPLE.replace("example.com/behind-the-sofa", ""),
        "example.com/log\n1\n",
        "",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(CheckpointInvalid):
        Checkpoint.parse(text)


def test_extension_lines_stand_only_for_a_witness_and_never_empty() -> None:
    assert Checkpoint.parse(EXAMPLE + "more\n", extensions=True).size == 20852163
    with pytest.raises(CheckpointInvalid):
        Checkpoint.parse(EXAMPLE + "\n", extensions=True)


def test_an_empty_log_has_one_root() -> None:
    assert Checkpoint("log", 0, EMPTY_ROOT).body().startswith("log\n0\n47DEQpj8")
    with pytest.raises(EmptyTreeHasOneRoot):
        Checkpoint("log", 0, leaf_hash(b""))
