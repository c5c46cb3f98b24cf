"""A worker goes on after what it could not do."""

from __future__ import annotations

import pytest
import structlog
from django.db import DatabaseError

from custodes.custody.errors import LogBehind
from custodes.worker import running

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    "trouble",
    [
        LogBehind("an older database"),
        DatabaseError("gone"),
        DatabaseError(),
        ValueError("a surprise"),
    ],
)
def test_what_is_refused_or_fails_does_not_end_the_thread_that_does_it_again_and_again(
    trouble: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(running.STOP, "wait", waited.append)

    def fails() -> None:
        raise trouble

    assert running._in_spite_of_trouble(fails) is None
    assert waited


def test_what_went_wrong_is_said_by_where_and_names_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(running.STOP, "wait", lambda _: None)

    def fails() -> None:
        raise KeyError("Ada Okafor")

    with structlog.testing.capture_logs() as logs:
        running._in_spite_of_trouble(fails)

    [said] = logs
    assert (said["event"], said["error"]) == ("work.failed", "KeyError")
    assert said["at"].startswith(__file__)
    assert "Okafor" not in str(said)
