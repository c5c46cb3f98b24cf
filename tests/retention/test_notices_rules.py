"""What a letter says to who was given a recording that changed, word for word."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from custodes.retention.rules.notices import Change, Letter

LETTER = Letter(
    force="Example Police",
    recipient="A Prosecutor",
    recording="Yvrs1CO_znFO3cSFz9n8xA",
    what="a package with its films",
    given_on=date(2026, 11, 14),
    change=Change.ERASED,
    changed_on=date(2026, 12, 15),
)


def test_a_letter_about_a_deletion_says_what_happened_and_what_to_do() -> None:
    assert LETTER.text() == (
        "To A Prosecutor\n\n"
        "On 14 November 2026 Example Police gave you a package with its films of the recording "
        "Yvrs1CO_znFO3cSFz9n8xA.\n\n"
        "We deleted it, because its retention period is over. This was on 15 December 2026.\n\n"
        "Please delete every copy that you hold, unless you must keep it by law, and tell us "
        "that you have.\n\n"
        "We tell you because the law asks us to (Data Protection Act 2018, sections 38 and 48)."
        "\n\nExample Police"
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (Change.RESTRICTED, "Please do not use, copy or pass on what you hold until we write"),
        (Change.LIFTED, "You may use it again for the purpose it was given for."),
        (Change.CORRECTED, "Please correct what you hold, and tell everybody you passed it on to."),
    ],
)
def test_every_change_has_its_own_words(change: Change, said: str) -> None:
    assert said in replace(LETTER, change=change).text()


def test_what_was_wrong_is_said_in_a_paragraph_of_its_own() -> None:
    letter = replace(LETTER, change=Change.CORRECTED, about="The time was an hour late.")

    assert "\n\nThe time was an hour late.\n\n" in letter.text()
