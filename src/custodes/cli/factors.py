"""Who somebody is, as a command is told it: a password, and the second factor of a sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custodes.people.errors import NotSignedIn
from custodes.people.queries import person_with_password

if TYPE_CHECKING:
    from custodes.people.models import Person


def person_who_signs_in(username: str, password: str, code: str) -> Person:
    """Return the person, if this is all that the sign-in page would ask of them.

    ``code``: what their app shows now, or one of their recovery codes. Raises NotFound for a
    wrong password, NotSignedIn for a second factor that is missing, wrong, or none of these.
    """
    from allauth.mfa.models import Authenticator
    from django.conf import settings

    person = person_with_password(username, password)
    theirs = list(Authenticator.objects.filter(user=person))
    if not theirs:
        if settings.CUSTODES.second_factor_required:
            raise NotSignedIn(
                "This account has no second factor yet, and here everybody needs one.",
                "Nothing was changed. Sign in on the page once and set one up.",
            )
        return person
    typed = [each for each in theirs if each.type != Authenticator.Type.WEBAUTHN]
    if not code.strip():
        raise NotSignedIn(
            "This account signs in with a second factor, and none was given.",
            "Nothing was changed. Give --code what the app shows, or a recovery code; who has a "
            "security key alone agrees on the page.",
        )
    if not any(each.wrap().validate_code(code.strip()) for each in typed):
        raise NotSignedIn("This code is not right, or no longer.")
    return person
