"""Whom to believe: a pinned file of logs, witnesses and a quorum (C2SP tlog-policy).

The file comes to a verifier from somebody they trust, never from a package that is
being checked. A key that would prove nothing refuses the whole file. What is found
is said part by part: :class:`Held` has no single yes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from custodes.ledger.checkpoint import Checkpoint, CheckpointInvalid
from custodes.ledger.keys import KeyInvalid, Kind, VerifierKey
from custodes.ledger.note import Note, NoteInvalid, NoteMalformed, UnknownSigners, check_note

NO_QUORUM = "none"
_MOST_BYTES = 1 << 20
_LOG_KINDS = frozenset({Kind.ED25519, Kind.ML_DSA_44})
_WITNESS_KINDS = frozenset({Kind.COSIGNATURE, Kind.ML_DSA_44})


class PolicyInvalid(ValueError):
    """The file is not a policy, or names a key that must not be trusted."""


class UnknownLog(NoteInvalid):
    """The checkpoint is of a log that the policy does not name."""

    code = "log-unknown"


@dataclass(frozen=True, slots=True)
class Named:
    """A log or a witness: its key, and where it is reached, if anywhere."""

    key: VerifierKey
    url: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """So many of these members must have cosigned; a member is a witness or another group."""

    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """A parsed policy. Names of witnesses and groups mean something only inside it."""

    logs: tuple[Named, ...] = ()
    witnesses: Mapping[str, Named] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    quorum: str = NO_QUORUM

    @classmethod
    def parse(cls, content: bytes | str) -> Policy:
        """Read a policy file; raises PolicyInvalid with the number of the line."""
        return _Reading().read(content)

    def log_keys(self, origin: str) -> tuple[VerifierKey, ...]:
        """Return the keys that may sign for the log of this name."""
        return tuple(log.key for log in self.logs if log.key.name == origin)

    def is_met_by(self, cosigned: Collection[str]) -> bool:
        """Say whether the witnesses of these names are enough."""
        return self.quorum == NO_QUORUM or self._has_witnessed(self.quorum, cosigned)

    def _has_witnessed(self, name: str, cosigned: Collection[str]) -> bool:
        group = self.groups.get(name)
        if group is None:
            return name in cosigned
        agreed = sum(self._has_witnessed(member, cosigned) for member in group.members)
        return agreed >= group.threshold

    def __str__(self) -> str:
        lines = [f"log {log.key} {log.url}".rstrip() for log in self.logs]
        for name, witness in self.witnesses.items():
            lines.append(f"witness {name} {witness.key} {witness.url}".rstrip())
        for name, group in self.groups.items():
            lines.append(f"group {name} {group.threshold} {' '.join(group.members)}")
        return "\n".join([*lines, f"quorum {self.quorum}", ""])


@dataclass(frozen=True, slots=True)
class Held:
    """What was found of a checkpoint under a policy.

    ``log_keys`` are those of the log that signed it (at least one). ``witnesses`` says
    for each witness of the policy that cosigned at what time, by its own clock.
    ``unchecked`` are keys whose lines this installation cannot check.
    """

    checkpoint: Checkpoint
    log_keys: tuple[VerifierKey, ...]
    witnesses: Mapping[str, datetime]
    quorum_met: bool
    unchecked: tuple[VerifierKey, ...] = ()


def verify_note(policy: Policy, note: str | bytes) -> Held:
    """Return what holds of a signed checkpoint under this policy.

    1. The note is written as the specification says, and its text is a checkpoint.
    2. The policy names the log, by the checkpoint's own origin.
    3. No key that the policy names has a line here that it did not sign.
    4. At least one key of the log signed.
    5. Which witnesses cosigned, each once, and whether they are enough, is for the caller.

    Raises NoteInvalid for the first four; its ``code`` says which.
    """
    parsed = Note.parse(note)
    try:
        checkpoint = Checkpoint.parse(parsed.text)
    except CheckpointInvalid as error:
        raise NoteMalformed(str(error)) from None
    log_keys = policy.log_keys(checkpoint.origin)
    if not log_keys:
        raise UnknownLog("the policy does not name this log")
    of_witness = {each.key: name for name, each in policy.witnesses.items()}
    vouched = check_note(parsed, [*log_keys, *of_witness])
    by_log = tuple(dict.fromkeys(v.key for v in vouched if v.checked and v.key in log_keys))
    if not by_log:
        raise UnknownSigners("no key of the log signed the checkpoint")
    # tlog-witness: a witness that states no time has not witnessed a checkpoint.
    witnesses: dict[str, datetime] = {}
    for each in vouched:
        if each.key in of_witness and each.at is not None:
            witnesses.setdefault(of_witness[each.key], each.at)
    return Held(
        checkpoint=checkpoint,
        log_keys=by_log,
        witnesses=witnesses,
        quorum_met=policy.is_met_by(witnesses),
        unchecked=tuple(each.key for each in vouched if not each.checked),
    )


class _Reading:
    """One policy file, line by line."""

    def __init__(self) -> None:
        self._logs: list[Named] = []
        self._witnesses: dict[str, Named] = {}
        self._groups: dict[str, Group] = {}
        self._grouped: set[str] = set()
        self._quorum: str | None = None

    def read(self, content: bytes | str) -> Policy:
        raw = content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content
        # "Character set": tab, newline, printable ASCII and opaque octets above it.
        if len(raw) > _MOST_BYTES or re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", raw):
            raise PolicyInvalid("the policy is too long or holds control characters")
        text = raw.decode("utf-8", "surrogateescape")
        for number, line in enumerate(text.split("\n"), 1):
            words = [word for word in re.split("[ \t]+", line) if word]
            if words and not words[0].startswith("#"):
                try:
                    self._take(words)
                except (PolicyInvalid, KeyInvalid) as error:
                    raise PolicyInvalid(f"line {number} of the policy: {error}") from None
        if self._quorum is None:
            raise PolicyInvalid("the policy has no quorum line")
        return Policy(tuple(self._logs), self._witnesses, self._groups, self._quorum)

    def _take(self, words: list[str]) -> None:
        lines: dict[str, Callable[[list[str]], None]] = {
            "log": self._log,
            "witness": self._witness,
            "group": self._group,
            "quorum": self._take_quorum,
        }
        if words[0] not in lines:
            raise PolicyInvalid(f"{words[0][:40]!r} begins no line of a policy")
        lines[words[0]](words[1:])

    def _log(self, words: list[str]) -> None:
        if not 1 <= len(words) <= 2:
            raise PolicyInvalid("a log line is a key and perhaps an address")
        named = Named(_key(words[0], _LOG_KINDS), *words[1:])
        if named.key.public in {log.key.public for log in self._logs}:
            raise PolicyInvalid("this log's key stands there already")
        self._logs.append(named)

    def _witness(self, words: list[str]) -> None:
        if not 2 <= len(words) <= 3:
            raise PolicyInvalid("a witness line is a name, a key and perhaps an address")
        name = self._new_name(words[0])
        named = Named(_key(words[1], _WITNESS_KINDS), *words[2:])
        if named.key.public in {each.key.public for each in self._witnesses.values()}:
            raise PolicyInvalid("this witness's key stands there already")
        self._witnesses[name] = named

    def _group(self, words: list[str]) -> None:
        if len(words) < 3:
            raise PolicyInvalid("a group line is a name, how many, and at least one member")
        name, many, *members = words
        self._new_name(name)
        for member in members:
            if member not in self._witnesses and member not in self._groups:
                raise PolicyInvalid(f"{member} is not named above")
            if member in self._grouped:
                raise PolicyInvalid(f"{member} is a member already")
            self._grouped.add(member)
        self._groups[name] = Group(_threshold(many, len(members)), tuple(members))

    def _take_quorum(self, words: list[str]) -> None:
        if len(words) != 1 or self._quorum is not None:
            raise PolicyInvalid("there is one quorum line, with one name")
        [name] = words
        if name not in {NO_QUORUM, *self._witnesses, *self._groups}:
            raise PolicyInvalid(f"{name} is not named above")
        self._quorum = name

    def _new_name(self, name: str) -> str:
        if name == NO_QUORUM or name in self._witnesses or name in self._groups:
            raise PolicyInvalid(f"the name {name} is taken")
        return name


def _key(text: str, kinds: frozenset[Kind]) -> VerifierKey:
    key = VerifierKey.parse(text)
    if key.kind not in kinds:
        raise PolicyInvalid(f"the key of {key.name} is of a kind that has no place on this line")
    return key


def _threshold(many: str, members: int) -> int:
    if many in {"all", "any"}:
        return members if many == "all" else 1
    if not (many.isascii() and many.isdigit() and len(many) < 6) or not 1 <= int(many) <= members:
        raise PolicyInvalid(f"{many[:20]} of {members} members cannot be")
    return int(many)
