"""Where each page is. The names are used by templates and tests."""

from __future__ import annotations

from django.urls import path

from custodes.recordings.rules import Purpose
from custodes.web.pages import (
    check,
    docks,
    fleet,
    forget,
    front,
    gaps,
    ledger,
    log,
    media,
    people,
    published,
    recording,
    recordings,
    report,
)

_ONE = "recordings/<str:handle>"
_FILE = f"{_ONE}/files/<int:number>"

urlpatterns = [
    path("", front.today, name="today"),
    path("health", front.health, name="health"),
    path("custody/checkpoint", published.checkpoint, name="log-checkpoint"),
    path("custody/tile/<path:rest>", published.tile, name="log-tile"),
    path("docks", docks.docks, name="docks"),
    path("docks/live", docks.live, name="docks-live"),
    path("docks/quarantine/<str:handle>", docks.quarantined, name="quarantined"),
    path("recordings", recordings.recordings, name="recordings"),
    path("recordings/categorise", recordings.categorise, name="categorise"),
    path(_ONE, recording.recording, name="recording"),
    path(f"{_ONE}/why", recording.say_why, name="why"),
    path(f"{_ONE}/category", recording.category, name="category"),
    path(f"{_ONE}/place", recording.place, name="place"),
    path(f"{_ONE}/notes", recording.note, name="note"),
    path(f"{_ONE}/bookmarks", recording.bookmark, name="bookmark"),
    path(f"{_ONE}/check", recording.check, name="check"),
    path(f"{_ONE}/history", recording.history, name="history"),
    path(f"{_ONE}/history/report", report.taken, name="report"),
    path(f"{_ONE}/history/<int:number>/proof", report.proof, name="proof"),
    path(f"{_ONE}/history/open", report.opened, name="open-entries"),
    path(f"{_FILE}/media", media.media, name="media"),
    path(f"{_FILE}/thumbnail", media.thumbnail, name="thumbnail"),
    path(f"{_FILE}/filmstrip", media.filmstrip, name="filmstrip"),
    path(f"{_FILE}/waveform", media.numbers, {"purpose": Purpose.WAVEFORM}, name="waveform"),
    path(f"{_FILE}/track", media.numbers, {"purpose": Purpose.TRACK}, name="track"),
    path(f"{_FILE}/download", media.download, name="download"),
    path("gaps", gaps.gaps, name="gaps"),
    path("gaps/<str:handle>", gaps.gap, name="gap"),
    path("cameras", fleet.cameras, name="cameras"),
    path("cameras/<str:handle>", fleet.camera, name="camera"),
    path("check", check.check_a_package, name="check-package"),
    path("check/verify.html", check.verifier, name="verifier"),
    path("people", people.people, name="people"),
    path("people/add", people.add, name="person-add"),
    path("people/<str:handle>", people.roles, name="person"),
    path("oversight/record", ledger.record, name="record"),
    path("oversight/record/policy", ledger.policy, name="policy"),
    path("oversight/record/entries/<int:number>/proof", ledger.entry_proof, name="entry-proof"),
    path("oversight/record/days/<str:day>", ledger.day, name="day-sheet"),
    path("oversight/forget", forget.forget, name="forget"),
    path("oversight/forget/ask", forget.ask, name="forget-ask"),
    path("oversight/forget/agree", forget.agree, name="forget-agree"),
    path("oversight/log", log.ask, name="log"),
    path("oversight/log/<str:handle>", log.read, name="log-of"),
    path("oversight/log/<str:handle>/report", log.taken, name="log-report"),
]
