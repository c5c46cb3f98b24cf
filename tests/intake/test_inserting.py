"""Rows that go in together are stored as one by one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.world import force

from custodes.intake.inserting import insert_together
from custodes.intake.models import Upload
from custodes.intake.rules import Kind

pytestmark = pytest.mark.django_db


def offered(**said: Any) -> list[Upload]:
    """Return three uploads, not stored: no two columns of them are alike."""
    camera = force.camera(said.pop("serial"))
    return [
        Upload(
            handle=f"{camera.serial}-{number}", door="tus", camera=camera, name=f"n{number}.mp4",
            source_key="", kind=[Kind.VIDEO, "other", Kind.TRACK][number],
            told={"number": number, "of": [camera.pk]}, promised_size=[None, 0, 2**40][number],
            chunk_root=[None, b"", b"\x00\xff"][number], epoch=number, wrapped=bytes([number]),
            began_at=force.NOON + timedelta(seconds=number), heard_at=force.NOON,
            ended_at=[None, force.NOON, force.NOON + timedelta(microseconds=5)][number],
        )
        for number in range(3)
    ]  # fmt: skip


def stored(uploads: list[Upload]) -> list[dict[str, Any]]:
    rows = Upload.objects.filter(pk__in=[each.pk for each in uploads]).order_by("pk").values()
    own = {"id", "handle", "camera_id", "told"}
    return [
        {key: value for key, value in row.items() if key not in own}
        | {"number": row["told"]["number"], "is_its": row["told"]["of"] == [row["camera_id"]]}
        for row in rows
    ]


def test_rows_inserted_together_are_those_saved_one_by_one() -> None:
    together, singly = offered(serial="A"), offered(serial="B")

    insert_together(together)
    for each in singly:
        each.save()

    assert stored(together) == stored(singly)
    assert [row["number"] for row in stored(together)] == [0, 1, 2]
    assert [Upload.objects.get(pk=each.pk).handle for each in together] == ["A-0", "A-1", "A-2"]


def test_rows_know_their_numbers_after_others_were_taken_away() -> None:
    Upload.objects.filter(
        pk__in=[each.pk for each in insert_together(offered(serial="A"))]
    ).delete()

    after = insert_together(offered(serial="B"))

    assert [Upload.objects.get(pk=each.pk).handle for each in after] == ["B-0", "B-1", "B-2"]


def test_nothing_to_insert_asks_nothing_of_the_database(
    django_assert_num_queries: Any,
) -> None:
    with django_assert_num_queries(0):
        assert insert_together([]) == []
