"""The link of a share: made of its handle and this installation's secret, and kept nowhere.

Only a digest of it is stored, so whoever reads the database opens nothing with it; and
whoever may see the share is shown the link as often as they need it. When the secret is
changed, links that are out go on to open; to show one again a new one is made.
"""

from __future__ import annotations

from hashlib import sha256

from django.conf import settings
from django.utils.crypto import salted_hmac

from custodes.disclosure.models import Share
from custodes.kernel.digest import b64u

_SALT = "custodes.disclosure.link"
# 192 bits: nobody guesses one, and it fits a line of an e-mail.
_BYTES = 24


def token_of(share: Share) -> str:
    """Return what stands in the address of a share's link."""
    secret = salted_hmac(_SALT, f"{share.handle}/{share.issued}", algorithm="sha256")
    return b64u(secret.digest()[:_BYTES])


def digest_of(token: str) -> str:
    """Return what is kept of a link."""
    return sha256(token.encode()).hexdigest()


def link_of(share: Share) -> str:
    """Return the whole address, as it is copied or sent."""
    return f"{settings.CUSTODES.address}/shared/{token_of(share)}"
