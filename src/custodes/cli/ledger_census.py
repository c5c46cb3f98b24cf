"""``custodes ledger census``: count everything in the log now, not at night."""

from __future__ import annotations

from custodes.cli.shared import command as make
from custodes.cli.shared import operator, say
from custodes.kernel.clock import now


@make("census")
def census(*, as_json: bool) -> None:
    """Count every subject of the log and enter the root of the count.

    A worker does this by itself once a night.
    """
    from custodes.custody.census import newest_census, take_census

    entry = take_census(by=operator(), at=now())
    counted = newest_census()
    assert counted is not None
    text = f"{counted.count:,} subjects were counted; the root is in entry {entry.index}."
    value = {
        "entry": counted.entry,
        "size": counted.size,
        "subjects": counted.count,
        "root": counted.root.hex(),
    }
    say(text, value, as_json=as_json)
