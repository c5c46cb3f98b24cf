"""Read a public entry as strictly as the format says, a quarter of a million a second.

What stands outside ``x`` has one possible spelling and no escapes, so one pattern
both checks and takes it apart. Of ``x`` another pattern says whether it is flat and
plain, as it nearly always is. Everything that is not plainly right is parsed, written
again as CJ1 and compared; that word is final.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from custodes.kernel import cj1
from custodes.ledger.entry import EntryInvalid, parse_entry

# RFC 4648 s3.5: the last character of 32 and of 16 bytes has unused bits, which are 0.
_HASH = rb"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]"
_TIME = rb"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]\.[0-9]{3}Z"
_ENTRY = re.compile(
    rb'\{"b":"' + _HASH + rb'","k":"([a-z_.]{1,40})","n":(0|[1-9][0-9]{0,14}),'
    rb'"p":"(|' + _HASH + rb')","s":"([A-Za-z0-9_-]{21}[AQgw])","t":"(' + _TIME + rb')",'
    rb'"v":1,"x":(\{.*\})\}'
).fullmatch

# Members whose values are whole numbers or text without quotes, escapes or anything
# beyond ASCII. A name in quotes before a colon can then be nothing but a name.
_FLAT = re.compile(
    rb'\{(?:"[a-z]+":(?:"[ !#-\[\]-~]*"|0|[1-9][0-9]{0,14})(?:,(?=")|(?=\})))+\}'
).fullmatch
_NAMES = re.compile(rb'[{,]"([a-z]+)":').findall

#: Kind, number, hash of the entry before, subject, time and public members, as they stand there.
Parts = tuple[bytes, bytes, bytes, bytes, bytes, bytes]


def _refuse_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no whole number")


_read = json.JSONDecoder(parse_float=_refuse_number, parse_constant=_refuse_number).raw_decode


def read_entry(data: bytes) -> Parts:
    """Return the parts of a public entry; raises EntryInvalid for any but the one spelling.

    That ``x`` is canonical too is for :func:`read_facts` to say.
    """
    match = _ENTRY(data)
    if match is None or len(data) > cj1.MAX_BYTES:
        raise EntryInvalid(_why_not(data))
    parts: Parts = match.groups()  # type: ignore[assignment]  # six groups, none optional
    return parts


def read_facts(facts: bytes) -> dict[str, Any]:
    """Return the public members of an entry; raises EntryInvalid when CJ1 has another spelling."""
    try:
        text = facts.decode()
        value, end = _read(text)
    except (ValueError, RecursionError):
        raise EntryInvalid("what it makes public is not JSON") from None
    if end != len(text) or not isinstance(value, dict):
        raise EntryInvalid("what it makes public is not one object")
    # Flat and plain is nearly every entry: then the pattern leaves only the order to check.
    if _FLAT(facts) and (names := _NAMES(facts)) == sorted(set(names)):
        return value
    return _slowly(value, facts)


def _slowly(value: dict[str, Any], facts: bytes) -> dict[str, Any]:
    try:
        # An entry's members stand one level deeper than a value of their own.
        if cj1.dumps([value])[1:-1] != facts:
            raise EntryInvalid("what it makes public is not in canonical form")
    except cj1.NotCanonical as error:
        raise EntryInvalid(str(error)) from None
    return value


def _why_not(data: bytes) -> str:
    try:
        entry = parse_entry(data)
        if entry.to_bytes() == data:
            return "a member has a value that the format does not allow"
    except (EntryInvalid, ValueError, TypeError, AttributeError) as error:
        return str(error) or "it is not an entry"
    return "it is not written in the one way the format allows"
