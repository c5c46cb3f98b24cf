"""A token acts for its person until its last day, until it is revoked, and never beyond them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate
from tests.world import force

from custodes.custody.queries import history_of
from custodes.kernel.clock import now
from custodes.kernel.errors import NotFound
from custodes.people.actions import NewToken, make_token, revoke_token
from custodes.people.errors import AccountRefused, NotAllowed
from custodes.people.models import Person, Token
from custodes.people.queries import token_shown, tokens_for
from custodes.people.rules import Role, Viewer, why_not_a_token

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 14)


@pytest.mark.parametrize(
    ("name", "last_day", "says"),
    [
        ("A list", TODAY, ""),
        ("A list", TODAY + timedelta(days=90), ""),
        ("A list", TODAY + timedelta(days=91), "A token is good for 90 days at most."),
        ("A list", TODAY - timedelta(days=1), "The last day lies in the past."),
        ("", TODAY, "Say in at most 100 characters what the token is for."),
        ("x" * 101, TODAY, "Say in at most 100 characters what the token is for."),
    ],
)
def test_a_token_has_a_name_and_an_end_that_is_not_far(
    name: str, last_day: date, says: str
) -> None:
    assert why_not_a_token(name, last_day, TODAY, 90) == says


def made_by(person: Person, days: int = 10) -> tuple[Token, str]:
    wanted = NewToken("  A nightly\n list ", localdate(now()) + timedelta(days=days), True)
    return make_token(viewer(person), wanted, at=now())


def viewer(person: Person) -> Viewer:
    return person.as_viewer("test")


def test_a_token_is_known_by_what_was_shown_once_and_its_secret_is_kept_nowhere() -> None:
    okafor = force.person("Okafor")

    token, secret = made_by(okafor)

    assert token_shown(secret, now()) == token
    assert token_shown(secret + "x", now()) is None
    assert secret not in str(list(Token.objects.values()))
    told = history_of(okafor.handle)[-1]
    assert (told.kind, told.fields["name"]) == ("person.token_made", "A nightly list")
    assert secret not in str(told.fields)
    assert token.digest not in str(told.fields)


def test_a_token_that_may_not_be_made_leaves_nothing() -> None:
    okafor = force.person("Okafor")

    with pytest.raises(AccountRefused, match="90 days at most"):
        made_by(okafor, days=91)

    assert not Token.objects.exists()
    assert force.kinds(okafor.handle) == ["person.added"]


def test_a_token_opens_nothing_after_its_last_day() -> None:
    token, secret = made_by(force.person("Okafor"))

    assert token_shown(secret, token.until - timedelta(seconds=1)) == token
    assert token_shown(secret, token.until) is None


def test_a_token_opens_nothing_once_its_persons_account_is_closed() -> None:
    okafor = force.person("Okafor")
    _, secret = made_by(okafor)

    okafor.is_active = False
    okafor.save()

    assert token_shown(secret, now()) is None


def test_a_revoked_token_opens_nothing_and_says_who_revoked_it() -> None:
    okafor = force.person("Okafor")
    byrne = force.person("Byrne", Role.ADMINISTRATOR)
    token, secret = made_by(okafor)

    revoke_token(viewer(byrne), token, at=now())

    assert token_shown(secret, now()) is None
    assert force.kinds(okafor.handle)[-1] == "person.token_revoked"
    assert force.kinds(byrne.handle) == ["person.added"]
    with pytest.raises(AccountRefused, match="revoked already"):
        revoke_token(viewer(okafor), token, at=now())


def test_whose_tokens_there_are_is_for_those_who_watch_over_them() -> None:
    okafor, lewis = force.person("Okafor"), force.person("Lewis")
    auditor = force.person("Lindqvist", Role.AUDITOR)
    token, secret = made_by(okafor)

    assert list(tokens_for(viewer(auditor))) == [token]
    assert list(tokens_for(viewer(okafor))) == [token]
    assert not tokens_for(viewer(lewis)).exists()
    with pytest.raises(NotFound):
        revoke_token(viewer(lewis), token, at=now())
    with pytest.raises(NotAllowed):
        revoke_token(viewer(auditor), token, at=now())
    assert token_shown(secret, now()) == token
