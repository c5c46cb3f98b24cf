"""What was deleted: when, by whose leave, and under which schedule."""

from __future__ import annotations

from tests.verifier.cases.entering import DELETION, C, N, case
from tests.verifier.small_log import handle
from tests.verifier.story import Plot, honest_clip, honest_proof, story

case(
    "deleted while held",
    "A hold stood, and it was deleted all the same.",
    but={DELETION: (C, "deletion.held")},
)(
    lambda: story(
        honest_clip(),
        honest_proof(),
        plot=Plot(
            extra=(
                ("hold.placed", {"h": handle("hold")}),
                ("recording.deleted", {"ap": ["one", "another"], "mode": "order"}),
            )
        ),
    )
)
case(
    "deleted unapproved",
    "One person approved a deletion by hand, twice.",
    but={DELETION: (C, "deletion.unapproved")},
)(
    lambda: story(
        honest_clip(),
        honest_proof(),
        plot=Plot(
            extra=(
                ("hold.placed", {"h": handle("hold")}),
                ("hold.released", {"h": handle("hold")}),
                ("recording.deleted", {"ap": ["one", "one"], "mode": "manual"}),
            )
        ),
    )
)
case(
    "deleted early",
    "It was deleted before the day its own entry names.",
    but={DELETION: (C, "deletion.early")},
)(
    lambda: story(
        honest_clip(),
        honest_proof(),
        plot=Plot(
            extra=(("recording.deleted", {"due": "2026-12-14T00:00:00.000Z", "mode": "scheduled"}),)
        ),
    )
)
case(
    "deleted when due",
    "Nothing speaks against the deletion; that it was right is not shown.",
    but={DELETION: (N, "deletion.policy_not_given")},
)(
    lambda: story(
        honest_clip(),
        honest_proof(),
        plot=Plot(
            extra=(("recording.deleted", {"due": "2026-11-01T00:00:00.000Z", "mode": "scheduled"}),)
        ),
    )
)
