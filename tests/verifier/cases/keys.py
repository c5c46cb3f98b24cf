"""What was deleted for good: are its keys gone, and what wrapped them?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.verifier.cases.entering import C, N
from tests.verifier.cases.schedules import RIGHT, entered, told
from tests.verifier.deleting import KEY, OTHER_KEYS, Deleting
from tests.verifier.small_log import handle
from tests.verifier.story import Story

from custodes.package.deletion import InventoryShown, KeyShown

#: Another order of names: in these the key would stand first, and last.
LATER = tuple(name for name in OTHER_KEYS if name > KEY)
EARLIER = tuple(name for name in OTHER_KEYS if name < KEY)
assert LATER
assert EARLIER


def inventory_of(shown: Story) -> InventoryShown:
    [subject] = shown.statement.subjects
    assert subject.deletion is not None
    assert subject.deletion.inventory is not None
    return subject.deletion.inventory


def with_inventory(shown: Story, **changes: Any) -> Story:
    return shown.with_deletion(inventory=replace(inventory_of(shown), **changes))


# Right

for _where, _keys in (("first", LATER), ("last", EARLIER), ("alone", ())):
    entered(
        f"key gone, {_where} in the order",
        "It would stand at an end of the order of those that are alive.",
        RIGHT,
        lambda keys=_keys: told(keys=keys),  # type: ignore[misc]
    )

# Not shown

entered(
    "inventory left out",
    "That it was due is shown; that its key is gone is not.",
    (N, "deletion.inventory_not_given"),
    lambda: told().with_deletion(inventory=None),
)
entered(
    "keys rolled before",
    "The inventory was taken before it was deleted.",
    (N, "deletion.keys_not_destroyed"),
    lambda: told(roll_first=True),
)
entered(
    "old keys kept",
    "The keys were rolled, and those before were not destroyed.",
    (N, "deletion.keys_not_destroyed"),
    lambda: told(ended_epochs=0),
)
entered(
    "no later epoch",
    "The inventory is of the epoch under which its key was wrapped.",
    (N, "deletion.keys_not_destroyed"),
    lambda: told(roll_epoch=1),
)
entered(
    "one key of two",
    "Another key of the recording is named, and nothing is shown of it.",
    (N, "deletion.keys_not_shown"),
    lambda: told(facts={"kids": [KEY, handle("second key")]}),
)
entered(
    "key of another",
    "The key that took the original in is passed over.",
    (N, "deletion.keys_not_shown"),
    lambda: with_inventory(told(), keys=(Deleting().key_shown(handle("second key")),)),
)
entered(
    "inventory of an entry that is none",
    "What is called a roll of the keys is something else.",
    (N, "deletion.inventory_malformed"),
    lambda: with_inventory(told(), roll=0),
)
entered(
    "inventory of another roll",
    "The end of the older keys speaks of another inventory than the one shown.",
    (N, "deletion.inventory_malformed"),
    lambda: told(ends_with=OTHER_KEYS[1:]),
)
entered(
    "inventory cannot be read",
    "A path in it is not one.",
    (N, "deletion.inventory_malformed"),
    lambda: with_inventory(told(), keys=(KeyShown(KEY, here={"i": 0, "k": KEY}),)),
)


# It speaks against it

entered(
    "key still alive",
    "The inventory taken afterwards lists the key.",
    (C, "deletion.key_listed"),
    lambda: told(keys=(*OTHER_KEYS, KEY)),
)
entered(
    "key still alive, schedule left out",
    "What contradicts is said before what is missing.",
    (C, "deletion.key_listed"),
    lambda: told(keys=(*OTHER_KEYS, KEY)).with_deletion(schedules=()),
)
entered(
    "key of another shown as its own",
    "A key that is alive is another's.",
    (C, "deletion.inventory_differs"),
    lambda: with_inventory(told(), keys=(KeyShown(KEY, here=Deleting().path_of(0).to_value()),)),
)
entered(
    "other inventory",
    "The paths are of an inventory that is not in the log.",
    (C, "deletion.inventory_differs"),
    lambda: with_inventory(told(), keys=(Deleting(keys=OTHER_KEYS[1:]).key_shown(KEY),)),
)
entered(
    "neighbours of the key apart",
    "The two names between which it would stand are not side by side.",
    (C, "deletion.key_not_apart"),
    lambda: with_inventory(
        told(),
        keys=(
            KeyShown(
                KEY,
                before=Deleting().path_of(0).to_value(),
                after=Deleting().path_of(len(OTHER_KEYS) - 1).to_value(),
            ),
        ),
    ),
)
entered(
    "neighbours of another key",
    "They stand side by side, and the key would not stand between them.",
    (C, "deletion.key_not_apart"),
    lambda: with_inventory(
        told(),
        keys=(
            KeyShown(
                KEY,
                before=Deleting().path_of(1).to_value(),
                after=Deleting().path_of(2).to_value(),
            ),
        ),
    ),
)
entered(
    "nobody said to be alive",
    "No neighbour is shown, though keys are alive.",
    (C, "deletion.key_not_apart"),
    lambda: with_inventory(told(), keys=(KeyShown(KEY),)),
)
