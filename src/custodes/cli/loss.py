"""``custodes loss``: agree, as one of two people, that something is lost for good."""

from __future__ import annotations

import click

from custodes.cli.shared import as_somebody, say
from custodes.cli.shared import command as make
from custodes.kernel.clock import now


@make("accept")
@click.argument("objects", nargs=-1, metavar="OBJECTS")
@click.option("--because", required=True, help="What was looked into, and what came of it.")
@as_somebody
def accept(
    *,
    objects: tuple[str, ...],
    because: str,
    username: str,
    password: str,
    code: str,
    as_json: bool,
) -> None:
    """Agree, as a person with the role, that OBJECTS are lost; all that is listed, if none.

    It takes two people. The second agrees to the list of the first, and names none.
    """
    from custodes.cli.factors import person_who_signs_in
    from custodes.retention.actions.accept_loss import agree_to_loss

    viewer = person_who_signs_in(username, password, code).as_viewer("cli")
    made = agree_to_loss(viewer, because, objects, at=now())
    is_accepted = made.accepted_at is not None
    number = made.losses.count()
    said = (
        f"The loss of {number:,} is accepted."
        if is_accepted
        else (f"Your agreement to the loss of {number:,} is kept. A second person must agree.")
    )
    say(said, {"accepted": is_accepted, "number": number}, as_json=as_json)


@make("withdraw")
@click.option("--because", required=True, help="Why it is taken back.")
@as_somebody
def withdraw(*, because: str, username: str, password: str, code: str, as_json: bool) -> None:
    """Take back what waits for a second person."""
    from custodes.cli.factors import person_who_signs_in
    from custodes.retention.actions.accept_loss import withdraw_loss

    viewer = person_who_signs_in(username, password, code).as_viewer("cli")
    made = withdraw_loss(viewer, because, at=now())
    value = {"withdrawn": True, "number": made.losses.count()}
    say("It was taken back. Nothing was accepted.", value, as_json=as_json)


command = click.Group("loss", commands=[accept, withdraw], help="Accept that something is lost.")
