"""A force with a case, and programs that show tokens of those who are in it and who are not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.utils.timezone import localdate
from tests.disclosure import conftest as disclosure
from tests.world.wsgi import within_the_test

from custodes.cases.actions.exhibit import NewExhibit, Why, explain_exhibit, number_exhibit
from custodes.cases.rules.audiences import Audience
from custodes.disclosure.actions.build import Wanted, build
from custodes.disclosure.films import Asked
from custodes.disclosure.models import Package
from custodes.kernel.clock import now
from custodes.people.actions import NewToken, make_token
from custodes.people.models import Person, Token
from custodes.recordings.actions.clip import Stretch, make_clip
from custodes.recordings.models import Copy

Matter = disclosure.Matter
made_matter, matter = disclosure.made_matter, disclosure.matter

DAY = (localdate(now()) + timedelta(days=20)).isoformat()


@dataclass(frozen=True)
class Program:
    """A program that shows somebody's token."""

    token: Token
    secret: str

    def get(self, path: str, *, status: int = 200, **headers: str) -> Any:
        """Ask for what is at an address, and return what it says."""
        answer = self.asks("get", path, headers=headers)
        assert answer.status_code == status, answer.content
        return answer.json()

    def post(self, path: str, body: dict[str, Any], *, status: int = 201) -> Any:
        """Send something to an address, and return what it answers."""
        answer = self.asks("post", path, body)
        assert answer.status_code == status, answer.content
        return answer.json()

    def asks(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> HttpResponse:
        """Return the whole answer."""
        shown = {"Authorization": f"Bearer {self.secret}", **(headers or {})}
        sent = json.dumps(body or {}) if method == "post" else None
        answer: HttpResponse = Client().generic(
            method.upper(), f"/api{path}", sent or "", "application/json", headers=shown
        )
        return answer


def program_of(person: Person, *, reads_only: bool = False) -> Program:
    """Return a program with a token that this person just made."""
    wanted = NewToken("A program", localdate(now()), reads_only=reads_only)
    return Program(*make_token(person.as_viewer("test"), wanted, at=now()))


def exhibited(matter: Matter) -> Copy:
    """Return a clip that is an exhibit, ready for anybody."""
    made = make_clip(matter.officer, matter.original, Stretch(1, 2), "The arrest.", at=now())
    clip = NewExhibit("The arrest", "AO", clip=made.handle)
    exhibit = number_exhibit(matter.officer, matter.case, matter.recording, clip, at=now())
    explain_exhibit(matter.officer, exhibit, Why.UNHIDDEN, "Nobody else is seen.", at=now())
    return made


def packed(matter: Matter) -> Package:
    """Return a package of a clip for the prosecutor."""
    exhibited(matter)
    wanted = Wanted(Asked(Audience.PROSECUTOR), "Dana Reed", "CPS", "to charge")
    return build(matter.officer, matter.case, wanted, at=now())


@pytest.fixture
def officer(matter: Matter) -> Program:
    """Return a program of the officer in the case."""
    return program_of(matter.okafor)


@pytest.fixture
def stranger(matter: Matter) -> Program:
    """Return a program of somebody who is in no case and filmed nothing."""
    return program_of(matter.stranger)


@pytest.fixture(autouse=True)
def _whole_application_within_the_test() -> Iterator[None]:
    with within_the_test():
        yield


@pytest.fixture(autouse=True)
def _no_wrong_token_yet() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


__all__ = ["DAY", "Matter", "Program", "exhibited", "matter", "packed", "program_of"]
