"""``custodes retention``: what would go, what goes, and why one recording stays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from custodes.cli.shared import command as make
from custodes.cli.shared import operating_viewer, operator, say
from custodes.kernel.clock import now, rfc3339


@make("rehearse")
def rehearse(*, as_json: bool) -> None:
    """Work out what a sweep would delete now, and whether it may begin. Deletes nothing."""
    from custodes.retention.actions.asked import rehearse_at_once
    from custodes.retention.certificates import letter_of

    sweep = rehearse_at_once(by=operator(), at=now())
    letter = letter_of(operating_viewer(), sweep)
    value = {"sweep": sweep.handle, "due": sweep.due, "stopped": sweep.stopped, **letter}
    lines = [f"Recordings that would be deleted: {sweep.due:,}."]
    lines += _letter(letter)
    if sweep.stopped:
        lines.append(f"It must not begin: {sweep.stopped}")
    say("\n".join(lines), value, as_json=as_json)


def _letter(letter: dict[str, Any]) -> Iterator[str]:
    """Yield what a rehearsal found, a line each, beside what it was last time."""
    from custodes.retention.rules.rehearsed import ODD_NAMES, Odd, Touch, title_of

    last = letter["last"] or {}
    if last:
        yield f"Last time, on {last['rehearsed_at'][:10]}, {last['disposed']:,} were."
    for title, key in (("category", "by_category"), ("month", "by_month"), ("unit", "by_unit")):
        before = dict(last.get(key, []))
        for name, number in letter[key]:
            compared = f" (last time {before.get(name, 0):,})" if key in last else ""
            yield f"  {title} {name or 'none'}: {number:,}{compared}"
    for each in letter["touched"]:
        most = ", ".join(f"{one['called']} ({one['recordings']:,})" for one in each["most"])
        title = title_of(Touch(each["what"]), each["kind"])
        yield f"  {title}: {each['recordings']:,}; the most: {most}"
    for each in letter["odd"]:
        yield f"  odd, {each['recordings']:,}: {ODD_NAMES[Odd(each['what'])]}"
    for each in letter["strangest"]:
        yield f"  strange: {each['handle']} of {each['started_at'][:10]}: {', '.join(each['why'])}"


@make("run")
def run(*, as_json: bool) -> None:
    """Delete what is due, if nothing is in doubt. A worker does this by itself every night.

    What is left of a sweep that was cut off comes first. A rehearsal follows; when it finds
    something that needs two people, nothing is deleted and they agree on the page about
    deletion. Leaves with 1 when it stopped.
    """
    from custodes.retention.actions.asked import sweep_to_run
    from custodes.retention.actions.sweep import go_on
    from custodes.retention.actions.sweep import run as run_sweep

    def progress(done: int, due: int) -> None:
        if not as_json:
            click.echo(f"{done:,} of {due:,} deleted", err=True)

    moment = now()
    if (cut_off := go_on(by=operator(), at=moment, progress=progress)) and not as_json:
        finished = f"was interrupted: {cut_off.interrupted}" if cut_off.interrupted else "ended"
        click.echo(f"The sweep of {rfc3339(cut_off.rehearsed_at)} {finished}", err=True)
    sweep = run_sweep(
        sweep_to_run(by=operator(), at=moment), by=operator(), at=moment, progress=progress
    )
    value = {
        "sweep": sweep.handle,
        "due": sweep.due,
        "disposed": sweep.disposed,
        "kept": sweep.kept,
    }
    said = f"Recordings deleted: {sweep.disposed:,}; due, and kept after all: {sweep.kept:,}."
    say(said, value, as_json=as_json)


@make("explain")
@click.argument("recording")
def explain(recording: str, *, as_json: bool) -> None:
    """Say why RECORDING is kept, or that it may go, and when that changes."""
    from django.utils.timezone import localtime

    from custodes.retention import queries

    decision = queries.explain(operating_viewer(), recording, now())
    value: dict[str, Any] = {
        "verdict": decision.verdict.value,
        "reasons": decision.reasons,
        "due": rfc3339(decision.due) if decision.due else None,
        "lines": decision.lines,
    }
    lines = [f"{decision.verdict.value.upper()}: {'; '.join(decision.reasons)}."]
    if decision.due is not None:
        lines.append(f"Looked at again on {localtime(decision.due):%-d %B %Y, %H:%M %Z}.")
    say("\n".join(lines), value, as_json=as_json)


command = click.Group("retention", commands=[rehearse, run, explain], help="Keeping and deleting.")
