"""What is wrong with a recording, in sentences. Rules only.

A fault is something a viewer of the recording should know. It is no verdict:
an authentic signed video ends in a packet no decoder shows, and a camera that
lost power leaves a true recording that is cut short.
"""

from __future__ import annotations

from typing import Any

_BELIEVABLE = 7 * 24 * 3600


def sentences(
    about: dict[str, Any],
    *,
    cut_short: bool,
    past_the_end: bool,
    sound_errors: int,
    sizes_changed: bool,
    fed: int,
    lasts: float | None,
) -> list[str]:
    """List the faults of what the probe found; ``lasts`` counts every kind of track."""
    said = [
        *_cut(about, cut_short or past_the_end),
        *_lies(about, lasts),
        *_decoding(about, sound_errors, fed),
    ]
    if sizes_changed:
        said.append("The pictures change size during the recording.")
    return said


def _cut(about: dict[str, Any], past_the_end: bool) -> list[str]:
    said = []
    if past_the_end:
        said.append("The file is cut short: its own table of contents points past its end.")
    for track in about["tracks"]:
        promised, found = track["packets_promised"], track["packets"]
        if track["kind"] in ("video", "audio") and promised and found < promised:
            said.append(
                f"Track {track['index']} ({track['kind']}) has {found} of the {promised} packets"
                " its header promises."
            )
    return said


def _lies(about: dict[str, Any], lasts: float | None) -> list[str]:
    said = []
    claimed, found = about["claimed_seconds"], about["seconds"]
    if claimed and lasts and abs(claimed - lasts) > max(1.0, 0.02 * lasts):
        said.append(f"The header claims {claimed:,.1f} seconds; the packets last {lasts:,.1f}.")
    if found is not None and found > _BELIEVABLE:
        said.append("The times in this file cannot be right.")
    if not about["timed"] and found:
        said.append("The file carries no times; its length is reckoned from its picture rate.")
    return said


def _decoding(about: dict[str, Any], sound_errors: int, fed: int) -> list[str]:
    said = []
    for track in about["tracks"]:
        if track["kind"] in ("video", "audio") and not track["has_decoder"]:
            said.append(f"Track {track['index']} ({track['kind']}) has no decoder here.")
    if about["decode_errors"]:
        said.append(
            f"{about['decode_errors']} of the first {fed} packets of pictures could not be decoded."
        )
    if any(track.get("main") for track in about["tracks"]) and not about["pictures_decoded"]:
        said.append("No picture could be decoded.")
    if sound_errors:
        said.append(f"{sound_errors} packets of sound could not be decoded.")
    return said
