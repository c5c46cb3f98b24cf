"""What a recording is, in sentences for its page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import reverse
from django.utils.timezone import localtime

from custodes.fleet.rules import MOUNT_NAMES, Mount
from custodes.media.playable import why_not_playable
from custodes.people.rules import Permission, Viewer
from custodes.recordings.clips import Made
from custodes.recordings.dossier import Dossier, File
from custodes.recordings.origins import Origin
from custodes.recordings.rules import State
from custodes.recordings.things import copied_from
from custodes.web.words import counted, length, size


def facts_of(dossier: Dossier) -> list[dict[str, str]]:
    """Return what this is, a label and a value at a time."""
    recording = dossier.recording
    camera = recording.camera
    pre_event = recording.times.pre_event.total_seconds()
    values = {
        "Wearer": str(recording.wearer or recording.announced or "not known"),
        "Team": str(recording.team or ""),
        "Camera": f"{camera}, {camera.model}" if camera.model else str(camera),
        "Worn": MOUNT_NAMES[Mount(recording.mount)],
        "Source type": recording.source_type,
        "Place": str(recording.place or ""),
        "Length": length(recording.seconds) if recording.seconds else "",
        "Before the trigger": length(pre_event) if pre_event else "",
        "Dock": str(recording.dock or ""),
        "Origin": recording.origin.capitalize(),
        "Files": f"{counted(len(dossier.files), 'file')}, {size(dossier.size)}",
    }
    return [{"label": label, "value": value} for label, value in values.items() if value]


def sources_of(viewer: Viewer, dossier: Dossier) -> list[dict[str, str]]:
    """Return what it is a copy of; from whom that came, to those who may read its history."""
    facts = []
    for thing in copied_from(viewer, dossier.recording):
        fact = {"label": "Copied from", "value": thing.what}
        if thing.origin == Origin.SEIZED and viewer.may(Permission.SEE_THINGS):
            fact["url"] = reverse("thing", args=[thing.handle])
        facts.append(fact)
        if dossier.may.see_custody:
            facts.append({"label": f"{thing.origin.capitalize()} from", "value": thing.taken_from})
    return facts


def clips_shown(made: Iterable[Made]) -> list[dict[str, Any]]:
    """Return each clip and still with what its list says of it."""
    return [
        {
            "handle": one.copy.handle,
            "what": "Clip" if one.is_clip else "Still",
            "when": _when(one),
            "because": one.because,
            "by": one.by,
            "size": size(one.copy.size),
            "sha256": one.copy.sha256,
            "cut": _how_cut(one) if one.is_clip else "",
            "unplayable": _unplayable(one),
        }
        for one in made
    ]


def _when(one: Made) -> str:
    begins = f"{localtime(one.begins):%H:%M:%S}"
    if not one.is_clip:
        return f"{begins}.{one.begins.microsecond // 10_000:02d}"
    return f"{begins} to {localtime(one.ends):%H:%M:%S}, {length(max(1.0, one.seconds))}"


def _unplayable(one: Made) -> str:
    return " ".join(why_not_playable(one.copy.about.get("profile"))) if one.is_clip else ""


def _how_cut(one: Made) -> str:
    about = one.copy.about
    if about["how"] == "playable":
        return "Encoded anew from the first picture to the last, so that every player shows it."
    if not about["new"]:
        return "Nothing was encoded: every packet is the original\u2019s own."
    own = about["packets"] - about["new"]
    share = f"{own:,} of {about['packets']:,} packets are the original\u2019s own"
    return f"Cut at these very pictures: {share}, the pictures at the edges were encoded anew."


def files_of(dossier: Dossier) -> list[dict[str, Any]]:
    """Return each original with what there is to say about it."""
    return [
        {
            "number": file.original.number,
            "name": file.original.name,
            "size": size(file.original.size),
            "sha256": file.original.sha256,
            "sealed_at": file.original.sealed_at,
            "checked_at": file.original.checked_at,
            "sentences": list(_sentences(file)),
            "faults": file.found.faults,
        }
        for file in dossier.files
    ]


def _sentences(file: File) -> Iterator[str]:
    found, original = file.found, file.original
    if found.summary:
        yield found.summary[:1].upper() + found.summary[1:]
    if found.signatures:
        yield f"Signed by the camera ({', '.join(found.signatures)}): signed, not checked."
    if file.is_video and file.playing is None and found.because:
        yield f"{found.because}."
    if found.no_copy:
        yield f"No viewing copy could be made: {found.no_copy}"
    if file.is_video and original.no_clip_proofs:
        yield f"No clip proofs: {original.no_clip_proofs}"


def what_to_know(dossier: Dossier) -> list[str]:
    """Return what to bear in mind before watching: a camera's record is not what a person saw.

    Asked for by coroners' and officers' representatives alike (law.md PIP-12); of what is
    known of this camera, the numbers are said.
    """
    rate = next((f.found.frame_rate for f in dossier.films if f.found.frame_rate), None)
    pictures = f"It takes {rate:g} pictures a second" if rate else "It takes a number of pictures"
    before = dossier.recording.times.pre_event.total_seconds()
    said = [
        "It sees from where it was worn and through its own lens, not where a person looked.",
        f"{pictures}; what happened between two of them is not in it.",
        "In the dark it may show more than an eye could see, or less, and colours change.",
        "Its clock may be wrong; how far it was off is said beside the picture where it is known.",
        "A person under stress remembers differently from a camera. Neither need be wrong.",
    ]
    if before:
        said.append(f"The first {length(before)} come from before the button, often without sound.")
    return said


def problem_of(dossier: Dossier) -> dict[str, str] | None:
    """Say why there is nothing to play, and what to do; None when something plays."""
    films = dossier.films
    if any(film.playing for film in films):
        return None if dossier.may.play else _not_to_you()
    arriving = dossier.recording.state == State.ARRIVING
    if not films:
        return _still_arriving() if arriving else _nothing_filmed()
    if any(film.is_being_prepared for film in films):
        return _being_prepared()
    return _cannot_be_played(films[0], take=dossier.may.take)


def _problem(title: str, advice: str) -> dict[str, str]:
    return {"title": title, "advice": advice}


def _not_to_you() -> dict[str, str]:
    return _problem(
        "Your role does not play footage",
        "You may read what this is and what has happened to it. Ask someone whose role plays it.",
    )


def _still_arriving() -> dict[str, str]:
    return _problem(
        "Still arriving",
        "The dock has announced this recording and is still sending it. Look at the dock board.",
    )


def _nothing_filmed() -> dict[str, str]:
    return _problem(
        "No film came with this recording",
        "The dock said that it is complete. The files that did come are listed below.",
    )


def _being_prepared() -> dict[str, str]:
    return _problem(
        "Being prepared for viewing",
        "The original is sealed and safe. A copy that browsers play is being made; "
        "load this page again in a minute.",
    )


def _cannot_be_played(film: File, *, take: bool) -> dict[str, str]:
    why = film.found.no_copy or next(iter(film.found.faults), "") or film.found.because
    next_step = (
        "Download the original below and open it with the maker's player."
        if take
        else "The evidence unit can download the original and open it with the maker's player."
    )
    return _problem("This cannot be played in a browser", f"{why.rstrip('.')}. {next_step}")
