"""What e-mails to recipients say, and when one is tried again.

Rules only. An e-mail carries no footage, no case and nobody's name but the recipient's:
it lies in mailboxes and on servers that are none of ours. The link and the code that
opens it never go in the same one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

_FIRST = timedelta(seconds=30)
_LONGEST = timedelta(hours=1)
#: After so long without success somebody has to be told that it did not come.
GIVEN_UP_AFTER = timedelta(hours=24)


class About(StrEnum):
    """What an e-mail is about."""

    LINK = "link"
    CODE = "code"
    CALLED_BACK = "called-back"
    ANSWER = "answer"


ABOUT_NAMES = {
    About.LINK: "the link",
    About.CODE: "a code",
    About.CALLED_BACK: "that it was called back",
    About.ANSWER: "that there is an answer",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What an e-mail may say. ``figures`` is empty but in one that carries a code."""

    recipient: str
    force: str
    link: str
    until: str
    figures: str = ""


def wait_after(tries: int) -> timedelta:
    """Return how long to wait after so many tries that failed."""
    doubled: timedelta = _FIRST * 2.0 ** min(max(tries - 1, 0), 10)
    return min(doubled, _LONGEST)


def is_given_up(made: datetime, at: datetime) -> bool:
    """Say whether it was tried long enough."""
    return at - made >= GIVEN_UP_AFTER


def subject_of(about: About, facts: Facts) -> str:
    """Return the subject line."""
    match about:
        case About.LINK:
            return f"{facts.force} has shared something with you"
        case About.CODE:
            return "Your code"
        case About.CALLED_BACK:
            return f"{facts.force} has called back what was shared with you"
        case About.ANSWER:
            return f"{facts.force} has answered you"


def text_of(about: About, facts: Facts) -> str:
    """Return what the e-mail says."""
    said = "\n\n".join(_paragraphs(about, facts))
    return f"{facts.recipient},\n\n{said}\n\n{facts.force}\n"


def _paragraphs(about: About, facts: Facts) -> tuple[str, ...]:
    match about:
        case About.LINK:
            return (
                f"{facts.force} has shared something with you and with nobody else. Open it here:",
                facts.link,
                f"It asks for a code and opens until {facts.until}. You need no account.",
                _NOT_YOU,
            )
        case About.CODE:
            gap = f"{facts.figures[:4]} {facts.figures[4:]}"
            return (
                f"Your code is {gap}",
                _HOW_TO_USE_IT,
                _NOT_ASKED_FOR,
            )
        case About.CALLED_BACK:
            return (
                "What was shared with you was called back. This link opens nothing any more:",
                facts.link,
                _DO_NOT_USE_IT,
            )
        case About.ANSWER:
            return (
                "You asked for more than you were sent. The answer stands behind your link:",
                facts.link,
                _NOT_YOU,
            )


_NOT_YOU = "If this is not for you, do not open it, and tell whoever sent it."
_HOW_TO_USE_IT = (
    "It lasts ten minutes and opens once. Enter it on the page where you asked for it, and give"
    " it to nobody: no officer asks you for it."
)
_NOT_ASKED_FOR = (
    "If you did not ask for it, somebody else has your link. Tell the officer who sent it to you."
)
_DO_NOT_USE_IT = (
    "If you took anything of it away, do not use it or give it to anybody, and ask the officer"
    " who sent it to you what to do with it."
)
