"""Make the package of a case for one recipient: films, proofs, papers, and a player.

What goes in is decided by rule for whom it is; what is sensitive never gets to the defence,
whoever asks and by which door. To the defence and the person in the footage it takes a
second person: nothing is handed out before they have released it (DIS-14).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import transaction

from custodes.cases.actions.working import locked_case, locked_recordings
from custodes.cases.models import Case, Material
from custodes.cases.rules.audiences import AUDIENCE_NAMES, sees_sensitive
from custodes.cases.rules.material import Status
from custodes.custody.actions import record_all
from custodes.custody.appending import Happening
from custodes.custody.checkpoints import publish
from custodes.custody.events import PackageBuilt
from custodes.disclosure.actions.hand_over import note_given
from custodes.disclosure.bag.papers import Making, papers_of, playable_path, title_of
from custodes.disclosure.bag.record import record_for
from custodes.disclosure.errors import PackageRefused
from custodes.disclosure.films import Asked
from custodes.disclosure.models import Package, Packaged
from custodes.disclosure.packages import DAYS_KEPT, Sealed, kept
from custodes.disclosure.plan import Plan, faults_of_names, plan_for
from custodes.disclosure.rules.content import CONTENT_NAMES, may_hold
from custodes.disclosure.rules.gate import first_in_the_way
from custodes.package.assembling import Contents, parcel
from custodes.people.rules import Permission, Viewer
from custodes.recordings.carrying import Carried, carried
from custodes.recordings.packaging import contents_of_made
from custodes.retention.actions.watch import keeping_for
from custodes.retention.rules.holds import HoldKind
from custodes.retention.rules.watching import hold_for_handing


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to give to whom, and why.

    ``passed_over`` is why it goes although a camera is not accounted for.
    """

    asked: Asked
    recipient: str
    organisation: str
    because: str
    passed_over: str = ""

    @property
    def to(self) -> tuple[str, ...]:
        """Return who gets it, in every word there is of them."""
        return self.recipient, self.organisation, AUDIENCE_NAMES[self.asked.audience]

    @property
    def keeps(self) -> HoldKind | None:
        """Return what everything in it is held for from then on; None for nothing (RET-20)."""
        return hold_for_handing(self.because, *self.to)

    def checked(self) -> Wanted:
        """Return it as it is kept; raises PackageRefused."""
        tidy = replace(
            self,
            recipient=" ".join(self.recipient.split()),
            organisation=" ".join(self.organisation.split()),
            because=self.because.strip(),
            passed_over=self.passed_over.strip(),
        )
        for text, most, said in (
            (tidy.recipient, 200, "Say who it is for, by name."),
            (tidy.organisation, 200, "Say for which organisation they act."),
            (tidy.because, 1000, "Say in at most 1,000 characters why it is given."),
        ):
            if not text or len(text) > most:
                raise PackageRefused(said)
        if len(tidy.passed_over) > 1000:
            raise PackageRefused("A reason has at most 1,000 characters.")
        return tidy


def build(viewer: Viewer, case: Case, wanted: Wanted, *, at: datetime) -> Package:
    """Make a package of a case, put it on record, and keep it ready to be fetched.

    Every byte has been read once when this returns. Raises PackageRefused with what is to
    be done first, NotFound, NotAllowed or Damaged.
    """
    wanted = wanted.checked()
    plan = ready_plan(viewer, case, wanted)
    made = carried([(film.path, film.copy) for film in plan.films if film.copy is not None])
    package = _enter(viewer, case, wanted, plan, at=at)
    publish(at)
    contents = _contents(viewer, package, plan, made, at)
    ready = parcel(contents, plan.name)
    package.lists, package.papers = kept(ready)
    package.size = ready.size
    package.fingerprint = sha256(b"".join(ready.members[-1].content)).hexdigest()
    _keep(package)
    return package


def ready_plan(viewer: Viewer, case: Case, wanted: Wanted) -> Plan:
    """Return the plan, if all is ready; raises PackageRefused with what is not."""
    plan = plan_for(viewer, case, wanted.asked)
    if not plan.films:
        raise PackageRefused("Nothing of this case may go into it.", _NOTHING)
    if why := first_in_the_way(plan.lines, wanted.passed_over):
        raise PackageRefused(why, _FIRST)
    if faults := faults_of_names(plan):
        raise PackageRefused(faults[0], _FIRST)
    _make_sure_all_may_go(plan)
    return plan


_NOTHING = "No package was made. Number a clip as an exhibit, or see why each is left out."
_FIRST = "No package was made. Put this right, or leave it out, and try again."


def _make_sure_all_may_go(plan: Plan) -> None:
    """Raise PackageRefused if the plan holds what its audience must never get.

    The plan was made by the same rules: this is the second lock on that door.
    """
    audience = plan.asked.audience
    wrong = [each for each in plan.contents if not may_hold(each, audience)]
    wrong += [film.kind for film in plan.films if not may_hold(film.kind, audience)]
    sensitive = Material.objects.filter(
        taken_out_at=None, status=Status.SENSITIVE, recording__in=plan.recordings
    )
    if wrong or (not sees_sensitive(audience) and sensitive.exists()):
        raise PackageRefused(f"Something in it never goes to {AUDIENCE_NAMES[audience]}.")


@transaction.atomic
def _enter(viewer: Viewer, case: Case, wanted: Wanted, plan: Plan, *, at: datetime) -> Package:
    case = locked_case(viewer, Permission.SHARE, case)
    locked_recordings(plan.recordings)
    again = ready_plan(viewer, case, wanted)
    if [film.key for film in again.films] != [film.key for film in plan.films]:
        raise PackageRefused("The case changed while it was looked through.", "Try again.")
    package = Package.objects.create(
        case=case,
        audience=wanted.asked.audience,
        recipient=wanted.recipient,
        organisation=wanted.organisation,
        because=wanted.because,
        passed_over=wanted.passed_over if again.lines else "",
        name=plan.name,
        made_at=at,
        made_by=viewer.name,
        maker_id=viewer.person or None,
        until=at + timedelta(days=DAYS_KEPT),
    )
    of = Counter(film.recording for film in plan.films)
    Packaged.objects.bulk_create(
        Packaged(package=package, recording=each, files=number) for each, number in of.items()
    )
    with keeping_for(viewer, plan.recordings, wanted.because, *wanted.to, at=at):
        record_all(_told(package, wanted, plan), by=viewer.actor, at=at)
    if not package.waits:
        note_given(package, at=at)
    return package


def _told(package: Package, wanted: Wanted, plan: Plan) -> list[Happening]:
    """Return the entries: of the case with the exhibits, of each recording with its own files."""
    references = ", ".join(map(str, plan.exhibits)) or "no exhibits"
    of_case = _built(package, wanted, plan, len(plan.films), references)
    said = [Happening(of_case, package.case.handle, wanted.because)]
    for recording in plan.recordings:
        own = [film for film in plan.films if film.recording == recording]
        items = "; ".join(f"{film.title} (SHA-256 {film.sha256})" for film in own)
        event = _built(package, wanted, plan, len(own), items)
        said.append(Happening(event, recording.handle, wanted.because))
    return said


def _built(package: Package, wanted: Wanted, plan: Plan, files: int, items: str) -> PackageBuilt:
    over = package.passed_over
    return PackageBuilt(
        files=files,
        urn=str(package.case),
        package=package.handle,
        recipient=wanted.recipient,
        organisation=wanted.organisation,
        audience=AUDIENCE_NAMES[wanted.asked.audience],
        standing="waits for a second person" if package.waits else "may be handed over",
        holds=", ".join(CONTENT_NAMES[each] for each in plan.contents),
        items=items,
        passed_over=f"A camera is not accounted for: {over}" if over else "",
    )


def _contents(
    viewer: Viewer, package: Package, plan: Plan, made: Sequence[Carried], at: datetime
) -> Contents:
    record = record_for(viewer, plan)
    contents = contents_of_made(
        made,
        record.opened,
        at,
        title=title_of(plan),
        remarks=_REMARKS,
        closed=record.closed,
        originals=[(film.path, film.original) for film in plan.films if film.copy is None],
    )
    record = record.until(contents.statement.head.size)
    playable = {playable_path(film): film.playable for film in plan.films if film.playable}
    media = {film.path: Sealed(film.copy or film.original) for film in plan.films}
    return replace(
        contents,
        media={**media, **{path: Sealed(copy) for path, copy in playable.items()}},
        beside=papers_of(Making(viewer, plan, record, package, at)),
        info=list(_info(package, plan)),
    )


def _info(package: Package, plan: Plan) -> Iterator[tuple[str, str]]:
    yield "Contact-Name", package.made_by
    yield "External-Identifier", plan.case.urn
    yield "Custodes-Audience", AUDIENCE_NAMES[plan.asked.audience]
    yield "Custodes-Recipient", str(package)
    if settings.CUSTODES.marking:
        yield "Custodes-Marking", settings.CUSTODES.marking


_REMARKS = (
    (
        "Of the papers in it, the player and copies that are named “to-play” it shows only that"
        " they are as they were packaged: what they say is shown by the entries and films."
    ),
)


@transaction.atomic
def _keep(package: Package) -> None:
    package.save(update_fields=["lists", "papers", "size", "fingerprint"])
