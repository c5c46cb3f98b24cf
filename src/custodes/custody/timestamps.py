"""Have authorities outside put their time on checkpoints (RFC 3161), and keep what they answer.

A token is over the archived note: the three lines and the log's own signature lines,
byte for byte, so that it also shows when the log had signed. The answer is kept as
it came, and ``openssl ts -verify`` takes it. Where roots are set, a token that does
not lead to one of them is not kept.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from pathlib import Path

import httpx
from cryptography.x509 import load_pem_x509_certificates
from django.conf import settings
from django.db import transaction
from rfc3161_client import (
    TimeStampRequest,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from custodes.custody.actions import record
from custodes.custody.events import CheckpointStamped
from custodes.custody.log import own_checkpoints, subject_of_log
from custodes.custody.models import PublishedCheckpoint, Token
from custodes.custody.outside import client, outsider
from custodes.custody.rules import Actor
from custodes.kernel.clock import rfc3339
from custodes.kernel.digest import b64u, sha256

# Custody format s3.2: hourly, and the checkpoint that closes a day.
STAMP_EVERY = timedelta(hours=1)
_MOST_BYTES = 64 * 1024
_GRANTED = (0, 1)  # RFC 3161 s2.4.2: granted, grantedWithMods


class NotStamped(Exception):
    """The authority did not answer with a token over what was asked."""


def stamp_what_is_due(*, by: Actor, at: datetime) -> None:
    """Have each authority stamp the newest checkpoint, hourly, and whatever closes a day."""
    with client() as http:
        for authority in settings.CUSTODES.timestamp_authorities:
            for checkpoint in _due(authority, at):
                stamp(checkpoint, authority, http, by=by, at=at)


def stamp(
    checkpoint: PublishedCheckpoint,
    authority: str,
    http: httpx.Client,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Have one authority stamp one checkpoint; what goes wrong is noted, not raised."""
    known = outsider(authority, at)
    try:
        answer, stamped = _answer(http, authority, checkpoint.note.encode())
    except NotStamped as error:
        known.trouble = str(error)[:300]
        known.save()
        return
    with transaction.atomic():
        _, is_new = Token.objects.get_or_create(
            checkpoint=checkpoint, authority=authority, defaults={"answer": answer, "at": stamped}
        )
        known.vouched_at, known.trouble = at, ""
        known.save()
        if is_new:
            event = CheckpointStamped(
                size=checkpoint.size,
                token=b64u(sha256(answer)),
                authority=authority,
                stamped=rfc3339(stamped),
            )
            record(event, subject=subject_of_log(), by=by, at=at)


def _due(authority: str, at: datetime) -> list[PublishedCheckpoint]:
    without = own_checkpoints().exclude(token__authority=authority)
    closing = list(without.exclude(closes=None)[:7])
    newest = own_checkpoints().first()
    last = outsider(authority, at).vouched_at
    if newest is None or newest in closing or (last is not None and last > at - STAMP_EVERY):
        return closing
    return [*closing, *without.filter(size=newest.size)]


def _answer(http: httpx.Client, authority: str, note: bytes) -> tuple[bytes, datetime]:
    request = TimestampRequestBuilder().data(note).build()
    headers = {"Content-Type": "application/timestamp-query"}
    try:
        answer = http.post(authority, content=request.as_bytes(), headers=headers)
    except httpx.HTTPError as error:
        raise NotStamped(f"It cannot be reached ({type(error).__name__}).") from None
    if answer.status_code != 200 or len(answer.content) > _MOST_BYTES:
        raise NotStamped(f"It answered {answer.status_code}, {len(answer.content)} bytes.")
    try:
        response = decode_timestamp_response(answer.content)
    except ValueError as error:
        raise NotStamped(f"Its answer cannot be read: {error}.") from None
    _demand_over(note, request, response)
    return answer.content, response.tst_info.gen_time


def _demand_over(note: bytes, request: TimeStampRequest, response: TimeStampResponse) -> None:
    if response.status not in _GRANTED:
        raise NotStamped(f"It refused with status {response.status}.")
    token = response.tst_info
    if token.message_imprint.message != hashlib.sha512(note).digest():
        raise NotStamped("Its token is over something else.")
    if token.nonce != request.nonce:
        raise NotStamped("Its token answers another question.")
    roots: Path | None = settings.CUSTODES.timestamp_roots
    if roots is None:
        return
    builder = VerifierBuilder.from_request(request)
    for root in load_pem_x509_certificates(roots.read_bytes()):
        builder = builder.add_root_certificate(root)
    try:
        builder.build().verify_message(response, note)
    except VerificationError as error:
        raise NotStamped(f"Its token does not lead to a trusted root: {error}.") from None
