"""The words that go with a package: what it shows, what it does not, how to check it."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import TextWrapper

from custodes.package.statement import CLIP, MADE, ORIGINAL, Statement

_TEXT = """\
{title}
{line}

{holds}

{files}

What the proof shows, once you have checked it
----------------------------------------------
* that each original in it is, bit for bit, what the server received, and each clip is
  made of the original's own pictures and sound, which of them, and where it was cut;
  this also when the original is long gone{made};
* that this was written into the custody log {log}, between which moments, and who
  besides the force had seen the log by then;
* that no entry about the recording is left out before the last count of the log, and
  what was opened to you is what was written at the time{deleted}.

What it does not show
---------------------
{limits}

How to check it
---------------
Do not use a program that came with this folder, or a list of trusted keys from it:
whoever made the folder could have made those too. Get the verifier and the policy (the
list of keys to trust) from the publisher of Custodes, from an oversight body, or from
your own expert, and run

    custodes-verify PATH-TO-THIS-FOLDER --policy POLICY-FILE

or open verify.html in a browser and drop this folder on it. Both work without a network.

Ordinary programs can check parts of it, from inside this folder:

    sha256sum -c manifest-sha256.txt
    sha256sum -c tagmanifest-sha256.txt
    bagit.py --validate .
    openssl ts -verify -data timestamps/NAME.note -in timestamps/NAME.tsr -CAfile ROOTS

The file proof.json holds the proof. Its format is published with Custodes, so that
anybody can write a verifier.
"""

_WITH_FILES = """\
This folder holds video and sound, and the proof that goes with it. The files are
ordinary: open those in the folder "data" with any player."""
_WITHOUT = """\
This folder holds no video and no sound, but the proof of what is in the record."""
_MADE = """;
* that each still is, bit for bit, the picture that was taken then and written down: not
  that it shows what the original does, which only the original or a clip can show"""
_WORDS = {ORIGINAL: "an original of", CLIP: "a clip of", MADE: "made of"}
_DELETED = """;
* where a recording was deleted: that by the schedule in force, of those in this folder,
  its time was over, and, once that has happened, that the keys which could open it are
  destroyed"""

LIMITS = (
    (
        "It does not show what happened before the bytes reached the server: only a camera that"
        ' signs could. "Bit for bit" means as received.'
    ),
    (
        "It does not show that a camera was switched on, that nothing was filmed besides, or that"
        " a scene was not staged."
    ),
    (
        "It does not show the time of filming. Camera times are claims; what is shown is when the"
        " entries were written."
    ),
    (
        "It does not show what happened after the census, or at all if the head is old. Ask for a"
        " newer package."
    ),
    "It does not show that no copy of a deleted key was kept, nor what a changed range hides.",
    (
        "Of a deletion it does not show that the recording belonged under that line of the"
        " schedule, nor that no newer schedule was published than those shown here: a monitor of"
        " the log sees every one."
    ),
    (
        "If all witnesses your policy counts act together, or are the force itself, they can hide"
        " a second history."
    ),
    (
        "A verifier from the hands of whoever made the package shows nothing. Get it, and the"
        " policy, elsewhere."
    ),
)


def readme(statement: Statement, title: str, remarks: Sequence[str] = ()) -> str:
    """Return README.txt for a package that says this; ``remarks`` go before its limits."""
    return _TEXT.format(
        title=title,
        line="=" * len(title),
        log=statement.log,
        holds=_WITH_FILES if statement.files else _WITHOUT,
        made=_MADE if any(each.role == MADE for each in statement.files) else "",
        deleted=_DELETED if any(each.deletion for each in statement.subjects) else "",
        files="\n".join(_named(statement)) or "There are no media files in it.",
        limits="\n".join(_wrapped([*remarks, *LIMITS])),
    )


def _named(statement: Statement) -> list[str]:
    return [
        f"  {file.path}: {_WORDS[file.role]} recording {file.recording}" for file in statement.files
    ]


def _wrapped(sentences: Sequence[str]) -> list[str]:
    # The name of a file stays whole.
    lines = TextWrapper(86, initial_indent="* ", subsequent_indent="  ", break_on_hyphens=False)
    return [lines.fill(each) for each in sentences]
