"""What was deleted by the schedule: was it published, in force, and the time over?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.verifier.cases.entering import (
    DELETION,
    LOG,
    OPENED,
    PROOF,
    RECORD,
    SEEN,
    TAIL,
    TIME,
    WHOLE,
    C,
    N,
    P,
    Said,
    case,
    resting,
)
from tests.verifier.deleting import DELETED_AT, DUE, ENDED, MINUTE, Deleting, Version, later_version
from tests.verifier.story import Plot, Story, story

from custodes.kernel.clock import rfc3339
from custodes.package.deletion import ScheduleShown

DAY = timedelta(days=1)
LONG_AGO = datetime(2025, 12, 31, 9, tzinfo=UTC)


def told(**how: Any) -> Story:
    return story(plot=Plot(deleting=Deleting(**how)))


def entered(name: str, why: str, said: Said, tell: Callable[[], Story], **more: Any) -> None:
    """Enter a case that is a deletion, with no file beside it."""
    case(name, why, has_clip=False, but={DELETION: said} | more.pop("but", {}), **more)(tell)


RIGHT = (P, "deletion.as_scheduled")

# Right

entered("deleted by schedule", "It was due, and its key is gone.", RIGHT, told)
entered(
    "deleted by schedule, newer version to come",
    "A newer version was published that takes effect later.",
    RIGHT,
    lambda: told(versions=(Version(), later_version(90, DELETED_AT + DAY))),
)
entered(
    "deleted by schedule, newer version of before",
    "A newer version takes effect before the older one, which therefore counts.",
    RIGHT,
    lambda: told(versions=(Version(), later_version(90, LONG_AGO))),
)
entered(
    "deleted after calendar months",
    "Nine months after 31 December are over with 30 September, not with 1 October.",
    RIGHT,
    lambda: told(ended=LONG_AGO, facts={"rule": "Q0", "due": "2026-09-30T09:00:00.000Z"}),
)
entered(
    "deleted by schedule, due not said",
    "When it was due is computed; its entry need not say it.",
    RIGHT,
    lambda: told(without_due=True),
)
entered(
    "deleted by schedule, record not whole",
    "An entry of the record is left out.",
    (N, "needs.record"),
    lambda: story(plot=Plot(deleting=Deleting(), holes=(6,))),
    but={RECORD: (C, "record.hole")},
)
entered(
    "deleted by schedule, no policy",
    "Nobody to believe.",
    (N, "needs.log"),
    told,
    policy="",
    but={
        **resting(RECORD, TAIL, OPENED),
        **dict.fromkeys((LOG, SEEN, TIME), (N, "policy.none")),
    },
)

# The schedule is not shown

entered(
    "schedule left out",
    "The keys are shown to be gone; under which schedule is not.",
    (N, "deletion.policy_not_given"),
    lambda: told().with_deletion(schedules=()),
)
entered(
    "schedule of another version",
    "A schedule is shown, not the one that the entry names.",
    (N, "deletion.policy_not_given"),
    lambda: told(versions=(later_version(31, LONG_AGO),)),
)


def _published_by_a_roll() -> Story:
    shown = told()
    [subject] = shown.statement.subjects
    assert subject.deletion is not None
    assert subject.deletion.inventory is not None
    wrong = ScheduleShown(subject.deletion.inventory.roll, Version().path)
    return shown.with_deletion(schedules=(wrong,))


entered(
    "schedule that was not published",
    "The entry named for it is about something else.",
    (N, "deletion.schedule_malformed"),
    _published_by_a_roll,
)
for _name, _published in (
    ("on one line", '{"effective_at":"2026-01-01T00:00:00.000Z","lines":[],"version":1}'),
    ("no schedule", "[]"),
    ("a number of two spellings", '{\n  "version": 1.0\n}'),
    ("cut off", '{\n  "version": '),
):
    entered(
        f"schedule published, {_name}",
        "Two programs could read it in two ways, or not at all.",
        (N, "deletion.schedule_malformed"),
        lambda published=_published: told(  # type: ignore[misc]
            versions=(Version(published=published, rules={}),)
        ),
    )
entered(
    "schedule leaves it to a person",
    "Under this line somebody looks; what they said is not shown.",
    (N, "deletion.person_decides"),
    lambda: told(ended=LONG_AGO - 300 * DAY, facts={"rule": "E0"}),
)
entered(
    "end of filming not said",
    "No public entry says from when the time counts.",
    (N, "deletion.clock_not_public"),
    lambda: told(ended=None),
)
entered(
    "deleted by order",
    "Two approved; whether they should have, no package shows.",
    (N, "deletion.not_scheduled"),
    lambda: told(facts={"mode": "order", "ap": ["one", "another"]}),
)

# The schedule says otherwise

_CHANGED = Version().document.decode().replace('"days": 31', '"days": 30', 1)
entered(
    "another schedule than was published",
    "In the document shown the time is a day shorter.",
    (C, "deletion.schedule_differs"),
    lambda: told(versions=(Version(shown=_CHANGED),)),
)
entered(
    "another schedule than was published, unreadable",
    "What is shown is not what was published, whatever it is.",
    (C, "deletion.schedule_differs"),
    lambda: told(versions=(Version(shown="[]"),)),
)
for _days, _from in ((30, "ended"), (31, "opened")):
    entered(
        f"log publishes {_days} days from {_from}",
        "The document says otherwise than the public entry over it.",
        (C, "deletion.schedule_differs"),
        lambda rule={"days": _days, "from": _from}: told(  # type: ignore[misc]
            versions=(Version(rules={"N0": rule}),)
        ),
    )
entered(
    "version of another number",
    "The document gives itself another number than the entry over it.",
    (C, "deletion.schedule_differs"),
    lambda: told(
        versions=(
            Version(
                published=Version().document.decode().replace('"version": 1', '"version": 7'),
            ),
        )
    ),
)
entered(
    "schedule published afterwards",
    "It was deleted under a schedule that was not there yet.",
    (C, "deletion.not_in_force"),
    lambda: told(versions=(Version(at=DELETED_AT + MINUTE / 20),)),
)
entered(
    "schedule of the future",
    "The schedule it went by took effect on a later day.",
    (C, "deletion.not_in_force"),
    lambda: told(
        versions=(Version(replace(Version().schedule, effective_at=DELETED_AT + DAY)),),
    ),
)
entered(
    "schedule superseded",
    "A newer version was in force, which keeps for longer.",
    (C, "deletion.not_in_force"),
    lambda: told(versions=(Version(), later_version(90, DUE - DAY))),
)
entered(
    "no such line",
    "The schedule has no line of that name.",
    (C, "deletion.rule_unknown"),
    lambda: told(facts={"rule": "X9"}),
)
entered(
    "due said too early",
    "Its entry says that it was due a day before the schedule says so.",
    (C, "deletion.due_differs"),
    lambda: told(facts={"due": rfc3339(DUE - DAY)}),
)
entered(
    "due said a day before the calendar months",
    "Nine months after 31 December are over with 30 September, not with the 29th.",
    (C, "deletion.due_differs"),
    lambda: told(ended=LONG_AGO, facts={"rule": "Q0", "due": "2026-09-29T09:00:00.000Z"}),
)
entered(
    "deleted before the schedule let it go",
    "Filmed a day later than would have been right; its entry keeps silent on when it was due.",
    (C, "deletion.early"),
    lambda: told(ended=ENDED + DAY, without_due=True),
)

# Not as the format has it


def _named_twice() -> Story:
    return told().with_deletion(
        schedules=(ScheduleShown(1, "schedules/1.json"), ScheduleShown(1, "schedules/1.json"))
    )


case(
    "schedule named twice",
    "The list of schedules is in no order.",
    only={WHOLE: (P, "whole.complete"), PROOF: (N, "proof.malformed")},
)(_named_twice)
