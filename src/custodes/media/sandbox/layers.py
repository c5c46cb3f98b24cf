"""Which of the sandbox's walls stand on this machine, for ``custodes doctor``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from custodes.media.sandbox.ports import BytesReader, Limits, ReadAt, Sink


@dataclass(frozen=True, slots=True)
class Layer:
    """One wall: whether it stands, and a sentence for the person who asks."""

    name: str
    active: bool
    says: str


def layers() -> tuple[Layer, ...]:
    """Start a real child and report what it locked itself in with."""
    from custodes.media.sandbox.runner import run  # noqa: PLC0415 the child imports this module too

    found = run("layers", BytesReader(b""), {}, limits=Limits(seconds=20))["layers"]
    return described(found)


def described(found: dict[str, Any]) -> tuple[Layer, ...]:
    """Put the child's own report into words."""
    abi = int(found.get("landlock", 0))
    return (
        Layer("own process", True, "Media is opened in a child process with no environment."),
        _layer("no new rights", bool(found.get("no_new_privs")), "It can never gain rights."),
        _layer("limits", bool(found.get("rlimits")), "Its memory and processor time are bounded."),
        _layer(f"Landlock {abi}" if abi else "Landlock", abi > 0, "It can open no file."),
        _layer(
            "seccomp", bool(found.get("seccomp")), "It can open no socket and start no program."
        ),
    )


def _layer(name: str, active: bool, says: str) -> Layer:
    return Layer(name, active, says if active else "This kernel does not offer it.")


def task(_reader: ReadAt, _params: dict[str, Any], _outside: Sink) -> dict[str, Any]:
    """Do nothing: every run reports its layers, and this one only does that."""
    return {}
