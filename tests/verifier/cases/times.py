"""When the entries say they were written."""

from __future__ import annotations

from datetime import timedelta

from tests.verifier.cases.entering import TIME, C, case
from tests.verifier.story import Plot, honest_clip, honest_proof, minutes, story

case(
    "backdated",
    "The entry says it was written before the log had a place for it.",
    but={
        TIME: (C, "time.runs_backwards"),
    },
)(lambda: story(honest_clip(), honest_proof(), plot=Plot(ingested_at=minutes(0.5))))
case(
    "postdated",
    "Witnesses saw the entry minutes before the time it claims.",
    but={TIME: (C, "time.too_late")},
)(lambda: story(honest_clip(), honest_proof(), plot=Plot(ingested_at=minutes(9.5))))
case(
    "clock slow",
    "The whole log's clock is hours behind its witnesses'.",
    but={TIME: (C, "time.too_early")},
)(
    lambda: story(
        honest_clip(),
        honest_proof(),
        plot=Plot(cosigned_late=timedelta(hours=3), viewed_at=minutes(10)),
    )
)
