"""Ed25519 public keys under which signatures prove nothing, found before one is trusted.

A key of small order lets anybody sign; a key that is not written in its one spelling
passes with some programs and not with others. OpenSSL accepts both, so whoever
loads a key for trust asks here first (RFC 8032 section 5.1.3, decoded and then
multiplied by the cofactor).
"""

from __future__ import annotations

# RFC 8032 s5.1: the field, the curve constant d = -121665/121666, a root of -1.
_P = 2**255 - 19
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT_OF_MINUS_1 = pow(2, (_P - 1) // 4, _P)

_Point = tuple[int, int]
_NEUTRAL: _Point = (0, 1)


def why_weak(public: bytes) -> str | None:
    """Return what is wrong with a 32-byte Ed25519 public key, or None if it is sound."""
    if len(public) != 32:
        return "it is not 32 bytes long"
    point = _decode(public)
    if point is None:
        return "it is not a point in its one spelling"
    for _ in range(3):  # the cofactor is 8
        point = _add(point, point)
    return "it has a small order: anybody can sign under it" if point == _NEUTRAL else None


def _decode(public: bytes) -> _Point | None:
    # RFC 8032 s5.1.3, steps 1 to 4; a y of p or more and a negative zero are refused.
    number = int.from_bytes(public, "little")
    sign, y = number >> 255, number & ((1 << 255) - 1)
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if x * x % _P != square:
        x = x * _ROOT_OF_MINUS_1 % _P
    if x * x % _P != square or (x == 0 and sign):
        return None
    return (x if x & 1 == sign else _P - x), y


def _add(left: _Point, right: _Point) -> _Point:
    # The addition law of a twisted Edwards curve with a = -1; it has no exceptions.
    (x1, y1), (x2, y2) = left, right
    product = _D * x1 * x2 * y1 * y2 % _P
    x = (x1 * y2 + x2 * y1) * pow(1 + product, -1, _P) % _P
    y = (y1 * y2 + x1 * x2) * pow(1 - product, -1, _P) % _P
    return x, y
