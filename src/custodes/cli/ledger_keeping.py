"""``custodes ledger policy|recover|successor|rotate-key``: what others need to go on checking."""

from __future__ import annotations

import click

from custodes.cli.shared import command as make
from custodes.cli.shared import operator, say
from custodes.kernel.clock import now


@make("policy")
def policy(*, as_json: bool) -> None:
    """Print this installation's trust policy, for publication: its keys, witnesses, quorum."""
    from custodes.custody.outside import own_policy

    found = own_policy()
    value = {"policy": str(found), "logs": [str(log.key) for log in found.logs]}
    click.echo(str(found), nl=False) if not as_json else say("", value, as_json=True)


@make("recover")
@click.option("--from-mirror", required=True, help="A folder or address with the log's export.")
@click.option("--because", default="", help="Why the database was put back.")
def recover(from_mirror: str, because: str, *, as_json: bool) -> None:
    """Put back the public entries that a restored database does not have, from a mirror.

    Their private bodies are not in a mirror and stay lost; what was done can still be
    shown, by whom and why cannot.
    """
    from custodes.custody.checkpoints import publish
    from custodes.custody.outside import look_outside
    from custodes.custody.recovering import recover_from

    got = recover_from(from_mirror, by=operator(), because=because, at=now())
    waits = look_outside()
    if not waits:
        publish(now())
    said = (
        f"The entries {got.first:,} to {got.size - 1:,} were put back; they are about "
        f"{got.subjects:,} subjects. Who did it and why, and everything else the lost database "
        "held of them, is lost. Recordings among them are named in the log and are not here: "
        "look for them at the docks and on the cameras."
    )
    if waits:
        said += (
            f" Nothing is published or entered yet: {waits} It goes on by itself once every "
            "witness in the settings, and the mirror, has been reached and agrees."
        )
    value = {"first": got.first, "size": got.size, "subjects": got.subjects, "waits": waits}
    say(said, value, as_json=as_json)


@make("successor")
@click.option("--because", required=True, help="Why the log cannot go on; entered in the record.")
def successor(because: str, *, as_json: bool) -> None:
    """Go on under a new name after entries were lost that no mirror has.

    The first entry under the new name says where the old log ended. Witnesses and
    readers must be given the new trust policy.
    """
    from custodes.custody.checkpoints import publish
    from custodes.custody.recovering import begin_successor

    name = begin_successor(by=operator(), because=because, at=now())
    publish(now())
    said = (
        f"The log goes on as {name}. Give its new policy (custodes ledger policy) to your "
        "witnesses and to everybody who checks it; docks must be told its new receipt key."
    )
    say(said, {"origin": name}, as_json=as_json)


@make("rotate-key")
@click.option("--retire-old", is_flag=True, help="Destroy the older keys; the newer ones go on.")
@click.option("--because", required=True, help="Why; entered in the record.")
def rotate_key(because: str, *, retire_old: bool, as_json: bool) -> None:
    """Give the log new keys that sign beside the old; once all have learnt them, retire the old.

    For keys that are old, not for keys that were stolen: then see ``successor``.
    """
    from custodes.custody.rotating import add_keys, retire_old_keys

    if retire_old:
        gone = retire_old_keys(by=operator(), because=because, at=now())
        said = (
            f"{len(gone)} old private keys were destroyed. Their public keys stay in the policy, "
            "because what they signed has to be checkable. A dock that still knows the old receipt "
            "key only refuses receipts, and erases nothing, until it is given the new one."
        )
        say(said, {"retired": [str(key.verifier) for key in gone]}, as_json=as_json)
        return
    added = add_keys(by=operator(), because=because, at=now())
    said = (
        f"{len(added)} new keys sign the log beside the old ones. Give the new policy (custodes "
        "ledger policy) to your witnesses and to everybody who checks the log, and the new receipt "
        "key to every dock PC (--key); when they have it, run this again with --retire-old."
    )
    say(said, {"added": [str(key.verifier) for key in added]}, as_json=as_json)
