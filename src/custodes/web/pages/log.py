"""The log of what one person did: asked what for, put on the record, then shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import get_current_timezone, localdate
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from custodes.kernel.clock import now
from custodes.kernel.errors import NotFound
from custodes.people.rules import Permission, Viewer
from custodes.recordings.actions.prove_acts import LONGEST, hand_out_acts
from custodes.recordings.actions.read_log import read_log
from custodes.recordings.actions.take_record import take_persons_report
from custodes.recordings.errors import NeedsAReason, Unusable
from custodes.recordings.printing import printed
from custodes.recordings.reports import PersonsReport, Stretch, person_in_log, persons_report_for
from custodes.web.entries import any_proof, entries_of
from custodes.web.forms import LogForm
from custodes.web.pages.report import handed
from custodes.web.sending import send_parcel, send_pdf
from custodes.web.viewer import viewer_with
from custodes.web.viewings import is_reading, remember_reading

_A_PAGE = 200
_FIRST_PERIOD = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Whose log and which days, as the address of the page carries them."""

    handle: str
    since: date
    until: date

    @property
    def stretch(self) -> Stretch:
        """Return the days as a stretch of time, the last one included."""
        zone = get_current_timezone()
        first = datetime.combine(self.since, time(), zone)
        return Stretch(first, datetime.combine(self.until + timedelta(days=1), time(), zone))

    @property
    def query(self) -> str:
        """Return the days as the end of an address."""
        return urlencode({"since": self.since.isoformat(), "until": self.until.isoformat()})

    @property
    def reading(self) -> str:
        """Return what the session remembers that it may read."""
        return f"{self.handle} {self.since} {self.until}"


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask whose log is read, and for which of the four lawful purposes."""
    viewer = viewer_with(request, Permission.READ_LOG)
    today = localdate()
    first = {"since": today - _FIRST_PERIOD, "until": today, "person": request.GET.get("person")}
    form = LogForm(request.POST or None, label_suffix="", initial=first)
    if request.method == "POST" and form.is_valid():
        asked = _begin(request, viewer, form)
        if asked is not None:
            return redirect(f"{reverse('log-of', args=[asked.handle])}?{asked.query}")
    return render(request, "custodes/log.html", {"form": form}, status=400 if form.errors else 200)


@require_safe
def read(request: HttpRequest, handle: str) -> HttpResponse:
    """Show what a person did, once the purpose is on the record."""
    viewer = viewer_with(request, Permission.READ_LOG)
    asked = _asked(request, handle)
    after = request.GET.get("after", "")
    found = _found(request, viewer, asked, int(after) if after.isdecimal() else -1, _A_PAGE)
    context = {
        "person": found.person,
        "stretch": asked.stretch,
        "query": asked.query,
        "report_url": f"{reverse('log-report', args=[handle])}?{asked.query}",
        "package_url": f"{reverse('log-package', args=[handle])}?{asked.query}",
        "entries": entries_of(found.report, any_proof, known=found.known),
        "more_after": found.more_after,
        "leaves_out": found.leaves_out,
    }
    return render(request, "custodes/log_of.html", context)


@require_POST
def taken(request: HttpRequest, handle: str) -> HttpResponse:
    """Hand out the whole report as a PDF, with the reason on the record."""
    viewer = viewer_with(request, Permission.READ_LOG)
    asked = _asked(request, handle)
    found = _found(request, viewer, asked, -1, LONGEST)
    if found.more_after is not None:
        raise Unusable(f"A report holds at most {LONGEST:,} entries.", "Choose a shorter period.")
    at = now()
    given, left = handed(request), found.leaves_out
    take_persons_report(viewer, found.person, asked.stretch, given, leaves_out=left, at=at)
    return send_pdf(
        printed(found.report, viewer, at), f"custody-report-{found.person.username}.pdf"
    )


@require_POST
def packaged(request: HttpRequest, handle: str) -> HttpResponseBase:
    """Hand out what a person did as a package, each entry opened and with its proof."""
    viewer = viewer_with(request, Permission.READ_LOG)
    asked = _asked(request, handle)
    _make_sure_it_was_asked(request, asked)
    person = person_in_log(viewer, asked.handle)
    made = hand_out_acts(viewer, person, asked.stretch, handed(request), at=now())
    return send_parcel(made, f"acts-{person.username}.zip")


def _begin(request: HttpRequest, viewer: Viewer, form: LogForm) -> _Asked | None:
    given = form.cleaned_data
    try:
        person = person_in_log(viewer, given["person"])
    except NotFound as missing:
        form.add_error("person", missing.reason)
        return None
    asked = _Asked(person.handle, given["since"], given["until"])
    read_log(viewer, person, asked.stretch, given["purpose"], given["because"], at=now())
    remember_reading(request, asked.reading)
    return asked


def _asked(request: HttpRequest, handle: str) -> _Asked:
    try:
        since = date.fromisoformat(request.GET.get("since", ""))
        until = date.fromisoformat(request.GET.get("until", ""))
        asked = _Asked(handle, since, until)
        _ = asked.stretch
    except (ValueError, OverflowError):
        raise Unusable("The days are not days.", "Begin again at Who did what.") from None
    return asked


def _found(
    request: HttpRequest, viewer: Viewer, asked: _Asked, after: int, limit: int
) -> PersonsReport:
    _make_sure_it_was_asked(request, asked)
    person = person_in_log(viewer, asked.handle)
    return persons_report_for(viewer, person, asked.stretch, after=after, limit=limit)


def _make_sure_it_was_asked(request: HttpRequest, asked: _Asked) -> None:
    if not is_reading(request, asked.reading):
        raise NeedsAReason(
            "This log was not opened: nobody has said what for within the last hour.",
            "Choose the purpose and give the reason under Who did what.",
        )
