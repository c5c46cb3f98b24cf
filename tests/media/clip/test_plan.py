"""Which packets a clip copies, whatever the pictures' order and spacing."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from custodes.media.clip.plan import Pictures, Plan, plan


@st.composite
def films(draw: st.DrawFn) -> Pictures:
    """Groups of pictures of any length and depth, some open, at an uneven rate."""
    shown: list[int] = []
    sync: list[int] = []
    clean: list[int] = []
    at = 0
    for group in range(draw(st.integers(1, 5))):
        leading = draw(st.integers(0, 2)) if group else 0
        shown += [at + leading, *range(at, at + leading)]
        sync += [1] + [0] * leading
        clean += [int(not leading)] + [0] * leading
        at += leading + 1
        for _ in range(draw(st.integers(0, 5))):
            between = draw(st.integers(0, 3))
            shown += [at + between, *range(at, at + between)]
            sync += [0] * (between + 1)
            clean += [0] * (between + 1)
            at += between + 1
    steps = draw(st.lists(st.integers(1, 90), min_size=at, max_size=at))
    due = np.concatenate([[0], np.cumsum(steps)])
    rank = np.array(shown, np.int64)
    return Pictures(due[rank], due[rank + 1] - due[rank], np.array(sync), np.array(clean))


def shown_by(found: Plan, pictures: Pictures) -> list[int]:
    """Return the times of the pictures a clip shows, in its own order."""
    times = pictures.shown
    made = [
        times[(times >= each.first) & (times < each.end)].tolist() if each else []
        for each in (found.before, found.after)
    ]
    copied = times[found.copied]
    return [*sorted(made[0]), *sorted(copied[copied < found.ends].tolist()), *sorted(made[1])]


@given(films(), st.data())
@settings(deadline=None, max_examples=150)
def test_an_exact_clip_shows_every_picture_asked_for_once_and_in_order(
    pictures: Pictures, drawn: st.DataObject
) -> None:
    length = int((pictures.shown + pictures.duration).max())
    start = drawn.draw(st.integers(0, length - 1))
    end = drawn.draw(st.integers(start + 1, length + 5))

    found = plan(pictures, start, end, exact=True, may_encode=True)

    assert found is not None
    until = pictures.shown + pictures.duration
    asked = (until > start) & (pictures.shown < end)
    assert shown_by(found, pictures) == sorted(pictures.shown[asked].tolist())
    assert (found.begins, found.ends) == (pictures.shown[asked].min(), until[asked].max())
    if found.before and len(found.copied):
        assert pictures.clean[found.copied[0]]


@given(films(), st.data())
@settings(deadline=None, max_examples=150)
def test_a_clip_of_whole_pictures_holds_what_was_asked_for_and_makes_nothing(
    pictures: Pictures, drawn: st.DataObject
) -> None:
    length = int((pictures.shown + pictures.duration).max())
    start = drawn.draw(st.integers(0, length - 1))
    end = drawn.draw(st.integers(start + 1, length + 5))

    found = plan(pictures, start, end, exact=False, may_encode=True)

    assert found is not None
    assert found.before is None
    assert found.after is None
    assert pictures.sync[found.copied[0]]
    times = pictures.shown[found.copied]
    between = pictures.shown[(pictures.shown >= times.min()) & (pictures.shown <= times.max())]
    assert sorted(times.tolist()) == sorted(between.tolist())
    assert found.begins <= start
    assert found.ends >= min(end, length)


def test_nothing_is_shown_after_the_end_of_a_film() -> None:
    ten = np.arange(10)
    pictures = Pictures(ten, np.ones(10, np.int64), np.ones(10, np.int64), np.ones(10, np.int64))

    assert plan(pictures, 10, 12, exact=True, may_encode=True) is None
