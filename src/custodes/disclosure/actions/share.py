"""Give something of a case to one recipient, by a link that is theirs alone.

What is given is fixed in that moment. To the defence it takes a second person: the link
opens when they have released it (DIS-14).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.timezone import localtime

from custodes.cases.actions.working import locked_case, locked_recordings
from custodes.cases.models import Case
from custodes.cases.rules.audiences import AUDIENCE_NAMES, Audience
from custodes.custody.actions import record, record_all
from custodes.custody.appending import Happening
from custodes.custody.events import ShareCreated, ShareReleased, ShareSentAgain
from custodes.disclosure.actions.letters import put_on_the_way
from custodes.disclosure.checks import Chosen, open_lines
from custodes.disclosure.errors import ShareRefused
from custodes.disclosure.guests import why_closed
from custodes.disclosure.keeping_back import kept_from
from custodes.disclosure.links import digest_of, token_of
from custodes.disclosure.mailing import is_set_up
from custodes.disclosure.models import Item, Share
from custodes.disclosure.offers import Offer, asked_of, on_offer
from custodes.disclosure.queries import share_for
from custodes.disclosure.rules.having import NEEDS_RELEASE
from custodes.disclosure.rules.letters import About
from custodes.disclosure.rules.lines import Line
from custodes.disclosure.rules.serving import (
    AUDIENCES,
    MOST_ITEMS,
    THING_NAMES,
    Thing,
    why_not_until,
)
from custodes.disclosure.rules.standing import Standing
from custodes.disclosure.telling import tell
from custodes.kernel.ids import new_handle
from custodes.people.rules import Permission, Viewer
from custodes.recordings.actions.recipients import Given, note_recipient
from custodes.recordings.models import Recording
from custodes.retention.actions.watch import keeping_for
from custodes.retention.rules.holds import HoldKind
from custodes.retention.rules.watching import hold_for_handing

_SHARED: Final = (
    "Nothing was shared. Mend it first.",
    "Nothing was shared. Say why it goes all the same, or mend it.",
)
_KEPT: Final = (
    "Nothing was released. Mend it first, or call it back.",
    "Nothing was released. Mend it first, or call it back and prepare it anew with a reason.",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to share, and with whom. ``things`` are keys of offers.

    ``despite`` is why it goes though a camera is not accounted for; kept where it is needed.
    """

    things: Sequence[str]
    audience: Audience
    recipient: str
    organisation: str
    until: datetime
    because: str
    email: str = ""
    despite: str = ""

    @property
    def to(self) -> tuple[str, ...]:
        """Return who gets it, in every word there is of them."""
        return self.recipient, self.organisation, AUDIENCE_NAMES[self.audience]

    @property
    def keeps(self) -> HoldKind | None:
        """Return what everything in it is held for from then on; None for nothing (RET-20)."""
        return hold_for_handing(self.because, *self.to)

    def checked(self, at: datetime) -> Wanted:
        """Return it as it is kept; raises ShareRefused."""
        tidy = replace(
            self,
            recipient=_one_line(self.recipient, "Say who it is for, by name."),
            organisation=_one_line(self.organisation, "Say for which organisation they act."),
            because=_words(self.because),
            email=self.email.strip(),
            despite=" ".join(self.despite.split())[:1000],
        )
        if self.audience not in AUDIENCES:
            who = AUDIENCE_NAMES[self.audience]
            raise ShareRefused(f"Nothing is shared by a link with {who}.")
        if tidy.email:
            _make_sure_it_is_an_address(tidy.email)
        if why := why_not_until(self.until, at, settings.CUSTODES.share_days):
            raise ShareRefused(why)
        if not self.things:
            raise ShareRefused("Choose at least one clip, picture or exhibit.")
        if len(self.things) > MOST_ITEMS:
            raise ShareRefused(f"A share holds at most {MOST_ITEMS} things.")
        return tidy


@transaction.atomic
def share(viewer: Viewer, case: Case, wanted: Wanted, *, at: datetime) -> Share:
    """Share what was chosen; raises ShareRefused for what may not go to them, NotAllowed."""
    case = locked_case(viewer, Permission.SHARE, case)
    wanted = wanted.checked(at)
    chosen = _chosen(viewer, case, wanted)
    asked = [each.asked for each in chosen]
    despite = _through_the_gate(viewer, case, asked, wanted.audience, wanted.despite)
    locked_recordings(_recordings(chosen))
    made = Share(
        handle=new_handle(),
        case=case,
        audience=wanted.audience,
        recipient=wanted.recipient,
        organisation=wanted.organisation,
        email=wanted.email,
        because=wanted.because,
        despite=despite,
        made_at=at,
        made_by=viewer.name,
        maker_id=viewer.person or None,
        until=wanted.until,
    )
    made.token_digest = digest_of(token_of(made))
    made.save()
    Item.objects.bulk_create(
        _item(made, number, offer) for number, offer in enumerate(chosen, start=1)
    )
    with keeping_for(viewer, _recordings(chosen), wanted.because, *wanted.to, at=at):
        record_all(_told(made, chosen), by=viewer.actor, at=at)
    if wanted.audience not in NEEDS_RELEASE:
        _note_given(made, at=at)
        put_on_the_way(made, About.LINK, at=at)
    return made


@transaction.atomic
def release(viewer: Viewer, given: Share, *, at: datetime) -> Share:
    """Let what somebody else prepared for the defence go; raises ShareRefused or NotAllowed."""
    locked_case(viewer, Permission.RELEASE, given.case)
    given = Share.objects.select_for_update().get(pk=share_for(viewer, given.handle).pk)
    if given.as_rule().standing(at) is not Standing.WAITS:
        raise ShareRefused("This does not wait to be released.", "Nothing was changed.")
    if not viewer.person or given.maker_id == viewer.person:
        raise ShareRefused(
            "Whoever prepares something for the defence does not release it, too.",
            "Nothing was released. Ask another disclosure officer of the case.",
        )
    # A line may have opened since it was prepared: what became sensitive stays (DIS-14).
    asked = [asked_of(item) for item in given.items.all()]
    # So does what was passed over for no reason: the recipient would not read of it.
    _through_the_gate(viewer, given.case, asked, Audience(given.audience), given.despite, _KEPT)
    items = list(given.items.select_related("recording"))
    if kept := kept_from(given, items):
        raise ShareRefused(min(kept.values()), "Nothing was released. Call it back, or mend it.")
    locked_recordings(each.recording for each in items)
    given.released_at, given.released_by = at, viewer.name
    given.save(update_fields=["released_at", "released_by"])
    said = ShareReleased(str(given.case), given.handle, str(given))
    tell(given, said, by=viewer.actor, at=at)
    _note_given(given, at=at)
    put_on_the_way(given, About.LINK, at=at)
    return given


@transaction.atomic
def send_link_again(viewer: Viewer, given: Share, *, at: datetime) -> None:
    """Have the link sent once more; raises ShareRefused where no e-mail can go."""
    given = share_for(viewer, given.handle)
    locked_case(viewer, Permission.SHARE, given.case)
    given = Share.objects.select_for_update().get(pk=given.pk)
    if why := why_closed(given, at):
        raise ShareRefused(why, "Nothing was sent.")
    if not given.email or not is_set_up():
        raise ShareRefused("No e-mail can be sent to them.", "Copy the link and hand it over.")
    again = ShareSentAgain(str(given.case), given.handle, str(given))
    record(again, subject=given.case.handle, by=viewer.actor, at=at)
    put_on_the_way(given, About.LINK, at=at)


def _chosen(viewer: Viewer, case: Case, wanted: Wanted) -> list[Offer]:
    offers = {each.key: each for each in on_offer(viewer, case)}
    chosen = []
    for key in dict.fromkeys(wanted.things):
        if key not in offers:
            raise ShareRefused("Something that was chosen is not of this case, or not there.")
        if why := offers[key].why_not_to(wanted.audience):
            raise ShareRefused(f"{offers[key].title}: {why}", "Nothing was shared.")
        chosen.append(offers[key])
    return chosen


def _through_the_gate(
    viewer: Viewer,
    case: Case,
    chosen: Sequence[Chosen],
    audience: Audience,
    despite: str,
    otherwise: tuple[str, str] = _SHARED,
) -> str:
    """Return why it goes though a camera is not accounted for, empty where all are.

    Raises ShareRefused, in the prosecutor's words, for whatever else is not ready;
    ``otherwise`` is what to do then, and what about a camera.
    """
    lines = open_lines(viewer, case, chosen, audience)
    wrong = [line for line in lines if not line.overridable]
    if wrong:
        raise ShareRefused(" ".join(map(_in_words, wrong)), otherwise[0])
    if lines and not despite:
        said = " ".join(map(_in_words, lines))
        raise ShareRefused(said, otherwise[1])
    return despite if lines else ""


def _in_words(line: Line) -> str:
    faults = " ".join(fault.sentence for fault in line.faults if not fault.advised)
    return f"{line.words}: {faults}" if line.words else faults


def _item(made: Share, number: int, offer: Offer) -> Item:
    return Item(
        share=made,
        number=number,
        kind=offer.kind,
        recording=offer.of.recording,
        original=offer.of.original.handle,
        copy=offer.copy,
        title=offer.title[:300],
        media_type=offer.media_type,
        size=offer.size,
        sha256=offer.sha256,
        filmed_at=offer.filmed_at,
        seconds=offer.seconds,
    )


def _told(made: Share, chosen: Sequence[Offer]) -> list[Happening]:
    """Return the entries: of the case with all that was shared, of each recording with its own."""
    of: dict[str, list[Offer]] = defaultdict(list)
    for offer in chosen:
        of[offer.of.recording.handle].append(offer)
    said = [Happening(_created(made, chosen), made.case.handle, made.because)]
    return said + [
        Happening(_created(made, own), handle, made.because) for handle, own in of.items()
    ]


def _created(made: Share, offers: Sequence[Offer]) -> ShareCreated:
    waits = made.audience in NEEDS_RELEASE
    return ShareCreated(
        files=len(offers),
        urn=str(made.case),
        share=made.handle,
        recipient=made.recipient,
        organisation=made.organisation,
        address=made.email or "no e-mail address",
        audience=AUDIENCE_NAMES[Audience(made.audience)],
        until=f"{localtime(made.until):%-d %B %Y, %H:%M %Z}",
        standing="waits for a second person" if waits else "opens at once",
        items="; ".join(f"{each.title} (SHA-256 {each.sha256})" for each in offers),
        despite=made.despite or "every camera is accounted for",
    )


def _note_given(given: Share, *, at: datetime) -> None:
    """Put the recipient on the list of each recording, for when it changes (RET-15)."""
    kinds: dict[Recording, set[str]] = defaultdict(set)
    for item in given.items.select_related("recording"):
        kinds[item.recording].add(THING_NAMES[Thing(item.kind)])
    for recording, names in kinds.items():
        what = f"{', '.join(sorted(names))}, shared by a link"
        note_recipient(recording, Given(str(given)[:200], what, given.email[:200]), at=at)


def _recordings(offers: Iterable[Offer]) -> list[Recording]:
    return list({each.of.recording.pk: each.of.recording for each in offers}.values())


def _one_line(text: str, otherwise: str) -> str:
    text = " ".join(text.split())
    if not text:
        raise ShareRefused(otherwise)
    if len(text) > 200:
        raise ShareRefused("A name has at most 200 characters.")
    return text


def _words(text: str) -> str:
    text = text.strip()
    if not text or len(text) > 1000:
        raise ShareRefused("Say in at most 1,000 characters why it is shared.")
    return text


def _make_sure_it_is_an_address(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError:
        raise ShareRefused("This is not an e-mail address.") from None
    if len(email) > 254:
        raise ShareRefused("An e-mail address has at most 254 characters.")
