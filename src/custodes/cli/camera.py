"""``custodes camera``: make a camera known, issue it to its wearer."""

from __future__ import annotations

import click

from custodes.cli.shared import command as make
from custodes.cli.shared import operator, say
from custodes.fleet.rules import Grade, Mount
from custodes.kernel.clock import now


@make("add")
@click.argument("serial")
@click.option("--name", default="", help="What people call it.")
@click.option("--model", default="", help="The maker's model.")
@click.option(
    "--grade",
    type=click.Choice([grade.value for grade in Grade]),
    default=Grade.NONE.value,
    show_default=True,
    help="How well its own counter can show that nothing is missing.",
)
def add(serial: str, name: str, model: str, grade: str, *, as_json: bool) -> None:
    """Make the camera SERIAL known, so that footage from it is taken in."""
    from custodes.fleet.actions import enrol_camera

    camera, is_new = enrol_camera(
        serial, by=operator(), at=now(), name=name, model=model, grade=Grade(grade)
    )
    said = "is known now" if is_new else "was known already"
    value = {"serial": camera.serial, "handle": camera.handle, "new": is_new}
    say(f"The camera {serial} {said}.", value, as_json=as_json)


@make("issue")
@click.argument("serial")
@click.argument("username")
@click.option(
    "--mount", type=click.Choice([m.value for m in Mount]), default="chest", show_default=True
)
def issue(serial: str, username: str, mount: str, *, as_json: bool) -> None:
    """Issue the camera SERIAL to the person who signs in as USERNAME, from now on."""
    from custodes.fleet.actions import issue_camera
    from custodes.fleet.queries import camera_with_serial
    from custodes.people.queries import person_known_as

    camera, person = camera_with_serial(serial), person_known_as(username)
    issue_camera(camera, person, Mount(mount), by=operator(), at=now())
    value = {"serial": serial, "wearer": person.name, "mount": mount}
    say(f"The camera {serial} is {person.name}'s now.", value, as_json=as_json)


@make("source-type")
@click.argument("serial")
@click.argument("code")
def source_type(serial: str, code: str, *, as_json: bool) -> None:
    """Give the camera SERIAL the source type CODE, such as egt; none for an ordinary camera.

    What arrives from it from now on has it. What is here keeps what it came with.
    """
    from custodes.fleet.actions import change_source_type
    from custodes.fleet.queries import camera_with_serial

    camera = change_source_type(camera_with_serial(serial), code, by=operator(), at=now())
    said = f"of source type {camera.source_type}" if camera.source_type else "an ordinary camera"
    value = {"serial": serial, "source_type": camera.source_type}
    say(f"The camera {serial} is {said} from now on.", value, as_json=as_json)


command = click.Group(
    "camera", commands=[add, issue, source_type], help="Cameras and who wears them."
)
