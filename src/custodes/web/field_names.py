"""What the fields of entries are called on pages."""

from __future__ import annotations

_NAMES = {
    "actor": "Who did it",
    "actor_handle": "The random number of who did it",
    "because": "The reason they gave",
    "door": "How they came in",
    "wearer": "Who wore the camera",
    "camera": "Which camera",
    "started": "When it was filmed",
    "name": "Name of the file",
    "sha256": "SHA-256 of the file",
    "camera_says": "What the camera signed",
    "told": "What the camera system said",
    "text": "Text of a note",
    "moment": "Moment of a bookmark",
    "label": "Label of a bookmark",
    "before": "What it was before",
    "after": "What it became",
    "place": "Where it was filmed",
    "found": "What was found",
    "outcome": "What a check showed",
    "recipe": "How a copy was made",
    "copy": "What was taken",
    "urn": "The number of a case",
    "exhibit": "The random number of an exhibit",
    "reference": "The reference of an exhibit or case",
    "item": "What an exhibit is",
    "producer": "Who produces an exhibit",
    "about": "What a report was about",
    "form": "In what form it was taken",
    "recipient": "Who got it",
    "taken_from": "From whom, or where, it was taken",
    "thing": "The random number of what it was copied from",
    "opened": "What was opened to them",
    "withheld": "What was withheld from them",
}


def named(field: str) -> str:
    """Return a field in the words of a page; one without words by its own name."""
    return _NAMES.get(field, field.replace("_", " ").capitalize())
