"""What is said of a package: claims, each with its verdict, its reason and one sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from custodes.package.readme import LIMITS

FORMAT: Final = "custodes-verdict/v1"


class Verdict(StrEnum):
    """What became of a claim. CONTRADICTED: something in the package says otherwise."""

    PROVEN = "PROVEN"
    NOT_PROVEN = "NOT PROVEN"
    CONTRADICTED = "CONTRADICTED"

    @property
    def status(self) -> int:
        """Return what the command leaves with."""
        return {"PROVEN": 0, "CONTRADICTED": 1, "NOT PROVEN": 2}[self]


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that a package claims. ``reason`` is a stable code, ``sentence`` is for people."""

    name: str
    about: str
    verdict: Verdict
    reason: str
    sentence: str
    details: tuple[str, ...] = ()

    def to_value(self) -> dict[str, Any]:
        """Return it for a program."""
        return {
            "claim": self.name,
            "about": self.about,
            "verdict": self.verdict.value,
            "reason": self.reason,
            "sentence": self.sentence,
            "details": list(self.details),
        }


@dataclass(frozen=True, slots=True)
class Result:
    """All claims of a package. There is a verdict of the whole, but never without them."""

    claims: tuple[Claim, ...]

    @property
    def verdict(self) -> Verdict:
        """Return the worst: contradicted before not proven before proven."""
        found = {claim.verdict for claim in self.claims}
        for verdict in (Verdict.CONTRADICTED, Verdict.NOT_PROVEN):
            if verdict in found:
                return verdict
        return Verdict.PROVEN

    def to_value(self) -> dict[str, Any]:
        """Return it for a program."""
        claims = [claim.to_value() for claim in self.claims]
        return {
            "format": FORMAT,
            "verdict": self.verdict.value,
            "claims": claims,
            "limits": list(LIMITS),
        }

    def to_text(self) -> str:
        """Return it for a person, with what is not shown."""
        lines = [line for claim in self.claims for line in _lines(claim)]
        limits = [f"  * {limit}" for limit in LIMITS]
        return "\n".join([*lines, "", "What this does not show:", *limits])


class Making:
    """Makes claims of one name about one thing."""

    def __init__(self, name: str, about: str = "") -> None:
        self._name, self._about = name, about

    def proven(self, reason: str, sentence: str, details: Sequence[str] = ()) -> Claim:
        """Return the claim as proven."""
        return self._claim(Verdict.PROVEN, reason, sentence, details)

    def contradicted(self, reason: str, sentence: str, details: Sequence[str] = ()) -> Claim:
        """Return the claim as contradicted."""
        return self._claim(Verdict.CONTRADICTED, reason, sentence, details)

    def not_proven(self, reason: str, sentence: str, details: Sequence[str] = ()) -> Claim:
        """Return the claim as not proven."""
        return self._claim(Verdict.NOT_PROVEN, reason, sentence, details)

    def without_policy(self) -> Claim:
        """Return the claim as one that needs a policy, which nobody gave."""
        said = "No policy was given, so there is nobody to believe: get one, and check again."
        return self.not_proven("policy.none", said)

    def without_log(self) -> Claim:
        """Return the claim as one that rests on the log, which is not proven."""
        said = "Nothing speaks against it, but it rests on the log, which is not proven."
        return self.not_proven("needs.log", said)

    def _claim(self, verdict: Verdict, reason: str, sentence: str, details: Sequence[str]) -> Claim:
        return Claim(self._name, self._about, verdict, reason, sentence, tuple(details))


def _lines(claim: Claim) -> Iterator[str]:
    yield f"{claim.verdict:<13}{claim.sentence} [{claim.reason}]"
    yield from (f"{'':<13}- {detail}" for detail in claim.details)
