"""Who outside has seen the log: have witnesses cosign, and learn from them how long it was.

Nobody here is trusted with more than their word: a cosignature is checked before
it is stored. A witness or a mirror that shows more of the log than there is stops all
appending (:mod:`guard`), whether or not it can prove it: going on after a restored
backup is a fork, and waiting is not. Take a witness that lies out of the settings.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx
import structlog
from django.conf import settings

from custodes.custody import guard, strongroom
from custodes.custody.checkpoints import checkpoint_of
from custodes.custody.log import own_checkpoints, size_of_log
from custodes.custody.models import Cosignature, Outsider, PublishedCheckpoint
from custodes.custody.tiles import tree_of_log
from custodes.kernel.clock import now
from custodes.kernel.digest import sha256
from custodes.kernel.errors import Refused
from custodes.ledger.checkpoint import Checkpoint
from custodes.ledger.keys import KeyInvalid, VerifierKey
from custodes.ledger.note import Note, check_note, open_note, sign_note
from custodes.ledger.policy import Group, Named, Policy
from custodes.ledger.witnessing import Answer, Cosigned, NotCosigned, Seen, Submission, submit

log = structlog.get_logger()
_TIMEOUT = httpx.Timeout(10, connect=5)


class SettingUnclear(Refused):
    """A setting that names somebody outside cannot be read."""

    advice = "Nothing was changed. docs/reference/settings.md says how it is written."


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness from the settings: its name here, where it is, and its keys."""

    name: str
    url: str
    keys: tuple[VerifierKey, ...]


def witnesses() -> list[Witness]:
    """Return the witnesses that are set; raises SettingUnclear for a line that is wrong."""
    return [_witness(line) for line in settings.CUSTODES.witnesses]


def own_policy() -> Policy:
    """Return the trust policy of this installation, for publication: its keys and witnesses.

    The keys of the log come first, then those of the logs it goes on from, so that a
    package of any of them can be checked; each key speaks for its own log alone.
    """
    named: dict[str, Named] = {}
    groups: dict[str, Group] = {}
    members: list[str] = []
    for witness in witnesses():
        parts = [witness.name]
        if len(witness.keys) > 1:
            parts = [f"{witness.name}.{number}" for number, _ in enumerate(witness.keys, 1)]
            groups[witness.name] = Group(1, tuple(parts))
        named |= {
            part: Named(key, witness.url) for part, key in zip(parts, witness.keys, strict=True)
        }
        members.append(witness.name)
    quorum = "none"
    if wanted := min(settings.CUSTODES.witness_quorum, len(members)):
        quorum = "quorum-of-witnesses"
        groups[quorum] = Group(wanted, tuple(members))
    keys = (*strongroom.verifiers(), *strongroom.verifiers_before())
    logs = tuple(Named(key) for key in keys)
    return Policy(logs, named, groups, quorum)


def have_cosigned(at: datetime) -> None:
    """Have every witness cosign the newest checkpoint that it has not cosigned yet."""
    newest = own_checkpoints().first()
    if newest is None:
        return
    with client() as http:
        for witness in witnesses():
            if not Cosignature.objects.filter(checkpoint=newest, witness=witness.name).exists():
                _have_cosigned(http, witness, newest, at)


def look_outside() -> str:
    """Compare the log with what witnesses and the mirror have seen; return what is wrong.

    What is found is written into the database, where it stops all appending. Somebody who
    cannot be reached, or shows nothing of ours, says nothing: that stops no log, and allows
    none again. What was refused is allowed once everybody who is set has been asked and agrees.
    """
    with client() as http:
        heard = list(_heard(http))
    why = next(filter(None, heard), "")
    if why or None not in heard:
        guard.set_refusal(why)
    if why:
        log.error("log.behind", why=why)
    return why or guard.why_refused()


def longest_seen() -> tuple[int, str]:
    """Return the most entries of the log that somebody outside shows or says to know, and who.

    A size that is only said proves nothing, and is reason enough not to sign for less.
    """
    longest, who = 0, ""
    with client() as http:
        for witness in witnesses():
            for size in (_size_served(http, witness), _size_told(http, witness)):
                if size > longest:
                    longest, who = size, f"the witness {witness.name}"
    return longest, who


def outsider(name: str, at: datetime) -> Outsider:
    """Return what is known of somebody outside, from now on if it is new."""
    return Outsider.objects.get_or_create(name=name, defaults={"since": at})[0]


def client() -> httpx.Client:
    """Return a client for short questions; nothing is followed elsewhere."""
    return httpx.Client(timeout=_TIMEOUT, follow_redirects=False)


def _have_cosigned(
    http: httpx.Client, witness: Witness, newest: PublishedCheckpoint, at: datetime
) -> None:
    known = outsider(witness.name, at)
    answer = _ask(http, witness, newest, min(known.size, newest.size))
    if isinstance(answer, Seen) and answer.size <= newest.size:
        answer = _ask(http, witness, newest, answer.size)
    match answer:
        case Cosigned():
            cosigned = Note(Note.parse(newest.note).text, answer.signatures)
            times = [each.at for each in check_note(cosigned, witness.keys) if each.at]
            lines = "".join(each.line() for each in answer.signatures)
            Cosignature.objects.get_or_create(
                checkpoint=newest,
                witness=witness.name,
                defaults={"lines": lines, "at": min(times)},
            )
            known.size, known.vouched_at, known.trouble = newest.size, at, ""
        case Seen():
            if ahead := _why_ahead(witness, answer):
                guard.set_refusal(ahead)
            known.size, known.trouble = answer.size, f"It has seen {answer.size} entries."
        case NotCosigned():
            known.trouble = answer.said[:300]
            if answer.is_fork and (why := _served(http, witness)):
                guard.set_refusal(why)
    known.save()


def _ask(http: httpx.Client, witness: Witness, row: PublishedCheckpoint, old: int) -> Answer:
    proof = tree_of_log(row.size).consistency_proof(old)
    submission = Submission(old, tuple(proof), Note.parse(row.note))
    return submit(http, witness.url, submission, witness.keys)


def _heard(http: httpx.Client) -> Iterator[str | None]:
    """Yield what each of those outside shows to be wrong; "" if it agrees, None if silent."""
    for witness in witnesses():
        served = _served(http, witness)
        yield _told(http, witness) if served is None else served
    if settings.CUSTODES.mirror:
        yield _mirrored(http)


def _served(http: httpx.Client, witness: Witness) -> str | None:
    """Return what is wrong by the checkpoint a witness shows; None if it shows none of ours."""
    return _shown(_checkpoint_at(http, witness), f"the witness {witness.name}")


def _checkpoint_at(http: httpx.Client, witness: Witness) -> bytes:
    return _get(http, f"{witness.url}/{sha256(strongroom.origin().encode()).hex()}/checkpoint")


def _size_served(http: httpx.Client, witness: Witness) -> int:
    try:
        note = open_note(_checkpoint_at(http, witness), *strongroom.verifiers())
        return Checkpoint.parse(note).size
    except ValueError:
        return 0


def _size_told(http: httpx.Client, witness: Witness) -> int:
    note = sign_note(checkpoint_of(size_of_log()).body(), *strongroom.signers(), at=now())
    answer = submit(http, witness.url, Submission(0, (), Note.parse(note)), witness.keys)
    return answer.size if isinstance(answer, Seen) else 0


def _told(http: httpx.Client, witness: Witness) -> str | None:
    """Return what is wrong by the size a witness tells; tlog-witness, "old size of zero".

    A size alone is no agreement: it agrees once it cosigns what we have as following that.
    """
    size = size_of_log()
    newest = own_checkpoints().first()
    if newest is not None and newest.size <= size:
        size, note = newest.size, newest.note
    else:
        note = sign_note(checkpoint_of(size).body(), *strongroom.signers(), at=now())
    answer = submit(http, witness.url, Submission(0, (), Note.parse(note)), witness.keys)
    if isinstance(answer, Seen):
        if why := _why_ahead(witness, answer):
            return why
        if answer.size > size:
            return None  # of ours, published while it was asked
        proof = tuple(tree_of_log(size).consistency_proof(answer.size))
        grown = Submission(answer.size, proof, Note.parse(note))
        answer = submit(http, witness.url, grown, witness.keys)
    return "" if isinstance(answer, Cosigned) else None


def _mirrored(http: httpx.Client) -> str | None:
    source = settings.CUSTODES.mirror
    if source.startswith(("http://", "https://")):
        return _shown(_get(http, f"{source.rstrip('/')}/checkpoint"), "the mirror")
    path = Path(source) / "checkpoint"
    return _shown(path.read_bytes() if path.is_file() else b"", "the mirror")


def _shown(note: bytes, who: str) -> str | None:
    """Return what is wrong by a checkpoint of ours; None if the note is not one we signed."""
    try:
        text = open_note(note, *strongroom.verifiers())
        return guard.why_not(Checkpoint.parse(text), size_of_log(), who)
    except ValueError:
        return None


def _get(http: httpx.Client, url: str) -> bytes:
    try:
        answer = http.get(url)
    except httpx.HTTPError:
        return b""
    return answer.content if answer.status_code == 200 else b""


def _why_ahead(witness: Witness, seen: Seen) -> str:
    # Asked after the answer came: others go on appending and publishing meanwhile.
    size = size_of_log()
    if seen.size <= size:
        return ""
    return (
        f"The custody log has {size:,} entries, but the witness {witness.name} "
        f"has seen {seen.size:,}: an older database was put back."
    )


def _witness(line: str) -> Witness:
    words = line.split()
    if len(words) < 3 or not words[1].startswith(("http://", "https://")):
        raise SettingUnclear(f"CUSTODES_WITNESSES: {line[:80]!r} is not NAME URL KEY.")
    try:
        keys = tuple(VerifierKey.parse(word) for word in words[2:])
    except KeyInvalid as error:
        raise SettingUnclear(f"CUSTODES_WITNESSES, {words[0]}: {error}.") from None
    return Witness(words[0], words[1].rstrip("/"), keys)
