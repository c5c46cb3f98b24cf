"""A worker goes on after what it could not do."""

from __future__ import annotations

import pytest
from django.db import DatabaseError

from custodes.custody.errors import LogBehind
from custodes.worker import running

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("trouble", [LogBehind("an older database"), DatabaseError("gone")])
def test_what_is_refused_or_fails_does_not_end_the_thread_that_does_it_again_and_again(
    trouble: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(running.STOP, "wait", waited.append)

    def fails() -> None:
        raise trouble

    assert running._in_spite_of_trouble(fails) is None
    assert waited
