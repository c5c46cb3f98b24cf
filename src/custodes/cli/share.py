"""``custodes share``: give somebody something of a case, see what was given, call it back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from custodes.cli.shared import command as make
from custodes.cli.shared import operating_viewer, say
from custodes.disclosure.rules.serving import AUDIENCES
from custodes.kernel.clock import now, rfc3339

if TYPE_CHECKING:
    from custodes.disclosure.models import Share
    from custodes.disclosure.served import Served

_WHO = {each.name.lower(): each for each in AUDIENCES}


@make("offer")
@click.argument("case")
@click.option("--audience", type=click.Choice(list(_WHO)), default="prosecutor", help="For whom.")
def offer(*, case: str, audience: str, as_json: bool) -> None:
    """List what of CASE can be shared, and why what cannot may not go to an audience."""
    from custodes.cases.queries import case_called
    from custodes.disclosure.offers import on_offer

    viewer = operating_viewer()
    found = [
        {
            "thing": each.key,
            "title": each.title,
            "why_not": each.why_not_to(_WHO[audience]),
        }
        for each in on_offer(viewer, case_called(viewer, case))
    ]
    lines = [f"{one['thing']}  {one['title']}  {one['why_not']}".rstrip() for one in found]
    say("\n".join(lines) or "There is nothing to share.", found, as_json=as_json)


@make("new")
@click.argument("case")
@click.argument("things", nargs=-1, required=True, metavar="THINGS")
@click.option(
    "--audience", type=click.Choice(list(_WHO)), default="prosecutor", help="For whom it is."
)
@click.option("--recipient", required=True, help="One person, by name.")
@click.option("--organisation", required=True, help="For which organisation they act.")
@click.option("--email", default="", help="Where the link and the code go, if e-mail is sent.")
@click.option("--because", required=True, help="Why it is shared.")
@click.option(
    "--passed-over",
    "despite",
    default="",
    help="Why, though a camera is not accounted for. The recipient reads it.",
)
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The last day; else four weeks.")
def new(
    *,
    case: str,
    things: tuple[str, ...],
    audience: str,
    recipient: str,
    organisation: str,
    email: str,
    because: str,
    despite: str,
    until: datetime | None,
    as_json: bool,
) -> None:
    """Share THINGS of CASE, as `custodes share offer` names them, and print the link."""
    from custodes.cases.queries import case_called
    from custodes.disclosure.actions.share import Wanted, share
    from custodes.disclosure.days import last_moment_of, usual_last_day
    from custodes.disclosure.links import link_of

    viewer = operating_viewer()
    day = until.date() if until else usual_last_day(now())
    wanted = Wanted(
        things=things,
        audience=_WHO[audience],
        recipient=recipient,
        organisation=organisation,
        until=last_moment_of(day),
        because=because,
        email=email,
        despite=despite,
    )
    made = share(viewer, case_called(viewer, case), wanted, at=now())
    value = _row(made) | {"link": link_of(made)}
    said = f"Shared with {made}, share {made.handle}: {made.standing_in_words(now())}."
    say(f"{said}\n{value['link']}", value, as_json=as_json)


@make("list")
@click.argument("case", required=False)
@click.option("--open", "only_open", is_flag=True, help="Only what is outstanding.")
def list_shares(*, case: str | None, only_open: bool, as_json: bool) -> None:
    """List what was shared of every case, or of CASE, the newest first."""
    from custodes.cases.queries import case_called
    from custodes.disclosure.queries import shares_for, shares_of
    from custodes.disclosure.served import lines_of

    viewer = operating_viewer()
    shares = shares_of(viewer, case_called(viewer, case)) if case else shares_for(viewer)
    rows = [_line(each) for each in lines_of(shares, now())]
    found = [row for row in rows if row["outstanding"] or not only_open]
    lines = [
        f"{row['share']}  {row['urn']}  {row['standing']:<12}  {row['recipient']}"
        f"  {'; '.join(row['outstanding'])}".rstrip()
        for row in found
    ]
    say("\n".join(lines) or "Nothing has been shared.", found, as_json=as_json)


@make("code")
@click.argument("share")
def code(*, share: str, as_json: bool) -> None:
    """Make a code for SHARE, to be told to its recipient by telephone or in person."""
    from custodes.disclosure.actions.enter import make_code
    from custodes.disclosure.queries import share_for

    viewer = operating_viewer()
    found = share_for(viewer, share)
    figures = make_code(viewer, found, at=now())
    said = f"Tell {found.recipient}, and nobody else: {figures[:4]} {figures[4:]}"
    say(said, {"share": share, "code": figures}, as_json=as_json)


@make("revoke")
@click.argument("share")
@click.option("--because", required=True, help="Why it is called back.")
def revoke(*, share: str, because: str, as_json: bool) -> None:
    """Call SHARE back: its link opens nothing from then on."""
    from custodes.disclosure.actions import revoke as actions
    from custodes.disclosure.queries import share_for

    viewer = operating_viewer()
    given = actions.revoke(viewer, share_for(viewer, share), because, at=now())
    say(f"What {given} was given is called back.", _row(given), as_json=as_json)


def _row(share: Share) -> dict[str, Any]:
    return {
        "share": share.handle,
        "urn": share.case.urn,
        "recipient": str(share),
        "audience": share.audience,
        "standing": share.standing_in_words(now()),
        "shared_at": rfc3339(share.made_at),
        "until": rfc3339(share.until),
    }


def _line(line: Served) -> dict[str, Any]:
    share = line.share
    return _row(share) | {
        "opened_at": rfc3339(share.opened_at) if share.opened_at else None,
        "acknowledged_at": rfc3339(share.acknowledged_at) if share.acknowledged_at else None,
        "seconds_watched": line.watched,
        "outstanding": list(line.facts.outstanding(now())),
    }


command = click.Group(
    "share",
    commands=[offer, new, list_shares, code, revoke],
    help="What is given to recipients of a case.",
)
