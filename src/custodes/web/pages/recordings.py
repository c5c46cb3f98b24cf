"""The list of recordings, with its filters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import make_aware
from django.views.decorators.http import require_POST, require_safe

from custodes.kernel.clock import now
from custodes.people.rules import Permission, Reach, Viewer
from custodes.recordings.actions.annotate import classify
from custodes.recordings.errors import Unusable
from custodes.recordings.queries import categories_on_offer, categories_to_find, recording_for
from custodes.recordings.search import NO_CATEGORY, Page, Search, Standing, search
from custodes.retention.category_changes import number_that_wait
from custodes.web.rows import all_drawn
from custodes.web.viewer import viewer_with
from custodes.web.viewings import make_sure_a_search_is_noted
from custodes.web.words import counted, length

_TEXTS = {"q": "text"} | {
    name: name for name in ("wearer", "camera", "place", "category", "state", "before", "after")
}
_STANDINGS = {
    Standing.ARRIVING: "Still arriving",
    Standing.COMPLETE: "Complete",
    Standing.FAULTY: "With a fault",
    Standing.DELETED: "Deleted",
}
_LONGEST = 100
_A_PAGE = 100


@require_safe
def recordings(request: HttpRequest) -> HttpResponse:
    """Show a page of the recordings this person may know of."""
    viewer = viewer_with(request, Permission.SEARCH)
    asked = {name: text for name in request.GET if (text := _typed_text(request.GET[name]))}
    page = search(viewer, wanted(asked))
    make_sure_a_search_is_noted(request, viewer, asked, _how_many(page))
    tiles = asked.get("view") == "tiles"
    return render(
        request,
        "custodes/recordings.html",
        {
            "rows": all_drawn(viewer, page.rows),
            "filters": _filters(viewer, asked, page, tiles=tiles),
            "tiles": tiles,
            "hint": page.hint,
            "older_url": _with(asked, before=page.older) if page.older else "",
            "newer_url": _with(asked, after=page.newer) if page.newer else "",
            "newest_url": _with(asked) if "before" in asked or "after" in asked else "",
            "is_filtered": bool(_narrowing(asked)),
            "clear": {"label": "Show all recordings", "url": reverse("recordings")},
            "to_docks": _to_docks(viewer),
            "choosing": viewer.may(Permission.CATEGORISE),
            "categories": categories_on_offer(),
            "here": request.get_full_path(),
            "search_query": asked.get("q", ""),
        },
    )


@require_POST
def categorise(request: HttpRequest) -> HttpResponse:
    """Put several recordings in one category, all of them or none."""
    viewer = viewer_with(request, Permission.CATEGORISE)
    chosen = request.POST.getlist("recording")[:_A_PAGE]
    if not chosen:
        raise Unusable("No recording was chosen.")
    with transaction.atomic():
        code = request.POST.get("category", "")
        changed = [
            classify(viewer, recording_for(viewer, handle), code, at=now()) for handle in chosen
        ]
    verb = "is" if len(chosen) == 1 else "are"
    said = f"{counted(len(chosen), 'recording')} {verb} now in the category {changed[0].category}."
    if waiting := number_that_wait(changed, now()):
        said += (
            f" {waiting:,} {'is' if waiting == 1 else 'are'} kept as before until a second person"
            " agrees to the change."
        )
    messages.success(request, said)
    back = request.POST.get("back", "")
    return redirect(back if back.startswith(reverse("recordings")) else "recordings")


def _how_many(page: Page) -> str:
    return f"more than {page.count:,}" if page.more else f"{page.count:,}"


def _typed_text(value: str) -> str:
    # PostgreSQL takes no NUL in text.
    return value.replace("\x00", "").strip()[:_LONGEST]


def wanted(asked: dict[str, str]) -> Search:
    """Return the search that a query string asks for; a date that is none is left out."""
    texts = {field: asked.get(name, "") for name, field in _TEXTS.items()}
    until = _day(asked.get("to", ""))
    return Search(
        **texts,
        since=_day(asked.get("from", "")),
        until=until + timedelta(days=1) if until else None,
    )


def _day(text: str) -> datetime | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    # Neither end of the calendar can be moved by a day or into another zone.
    if not 1 < day.year < 9999:
        return None
    return make_aware(datetime.combine(day, time()))


def _to_docks(viewer: Viewer) -> dict[str, str] | None:
    if not viewer.may(Permission.SEE_DOCKS):
        return None
    return {"label": "Look at the dock board", "url": reverse("docks")}


def _narrowing(asked: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in asked.items() if name not in {"before", "after", "view"}}


def _with(asked: dict[str, str], **more: str) -> str:
    kept = {name: text for name, text in asked.items() if name not in {"before", "after"}}
    return f"{reverse('recordings')}?{urlencode({**kept, **more})}"


def _filters(viewer: Viewer, asked: dict[str, str], page: Page, *, tiles: bool) -> dict[str, Any]:
    without = {name: text for name, text in asked.items() if name != "view"}
    return {
        "action": reverse("recordings"),
        "label": "Filter the recordings",
        "query": asked.get("q", ""),
        "query_label": "Name, number, camera or place",
        "groups": list(_groups(viewer, asked)),
        "result": _result(page),
        "clear_url": reverse("recordings") if _narrowing(asked) else "",
        "views": [
            {"label": "List", "url": _with(without), "current": not tiles},
            {"label": "Pictures", "url": _with(without, view="tiles"), "current": tiles},
        ],
    }


def _groups(viewer: Viewer, asked: dict[str, str]) -> Iterator[dict[str, Any]]:
    days = [("from", "From"), ("to", "To and including")]
    fields = [
        {"name": name, "label": label, "type": "date", "value": asked.get(name, "")}
        for name, label in days
    ]
    chosen = " – ".join(filter(None, (asked.get("from"), asked.get("to"))))
    yield {"label": "When", "chosen": chosen, "kind": "fields", "fields": fields}
    if viewer.reach(Permission.SEARCH) is not Reach.OWN:
        yield _typed("Who", "wearer", "Name or collar number", asked)
    yield _typed("Camera", "camera", "Serial number, name or model", asked)
    yield _typed("Where", "place", "Place", asked)
    categories = [(NO_CATEGORY, "No category")]
    categories += [(category.code, category.name) for category in categories_to_find()]
    yield _chosen("Category", "category", categories, asked)
    yield _chosen("State", "state", _STANDINGS.items(), asked)


def _typed(label: str, name: str, hint: str, asked: dict[str, str]) -> dict[str, Any]:
    value = asked.get(name, "")
    field = {"name": name, "label": hint, "value": value}
    return {"label": label, "chosen": value, "kind": "fields", "fields": [field]}


def _chosen(
    label: str, name: str, choices: Iterable[tuple[str, str]], asked: dict[str, str]
) -> dict[str, Any]:
    value = asked.get(name, "")
    every = [("", "All"), *((str(key), text) for key, text in choices)]
    return {
        "label": label,
        "chosen": dict(every).get(value, value) if value else "",
        "kind": "one",
        "name": name,
        "choices": [{"value": k, "label": text, "checked": k == value} for k, text in every],
    }


def _result(page: Page) -> str:
    if page.more:
        return f"More than {page.count:,} recordings"
    if not page.count or page.seconds is None:
        return counted(page.count, "recording")
    return f"{counted(page.count, 'recording')}, {length(page.seconds)}"
