"""What would go into the package of a case for somebody, and what stays out, each with why.

Reads and decides nothing: rules.content decides. Whoever calls shows it to the viewer it
was asked for, or builds exactly this.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from custodes.cases.models import Case, Exhibit
from custodes.cases.queries import exhibits_of
from custodes.cases.rules.audiences import Audience
from custodes.disclosure.checks import Chosen, open_lines
from custodes.disclosure.films import Asked, Film, films_of
from custodes.disclosure.rules.content import Content, holds
from custodes.disclosure.rules.gate import bag_name
from custodes.disclosure.rules.lines import Check, Line
from custodes.disclosure.rules.names import faults_of_paths
from custodes.people.rules import Viewer
from custodes.recordings.models import Recording


@dataclass(frozen=True, slots=True)
class Plan:
    """A package as it would be made now. ``lines`` are those of the gate that are open."""

    case: Case
    asked: Asked
    contents: tuple[Content, ...]
    films: tuple[Film, ...]
    left_out: tuple[Film, ...]
    gone: tuple[Exhibit, ...]
    lines: tuple[Line, ...]

    @property
    def name(self) -> str:
        """Return what the folder of the package is called."""
        return bag_name(self.case.urn, self.asked.audience)

    @property
    def exhibits(self) -> tuple[Exhibit, ...]:
        """Return the exhibits something of which is in it, in their order."""
        found = {film.exhibit.pk: film.exhibit for film in self.films if film.exhibit}
        return tuple(found.values())

    @property
    def recordings(self) -> tuple[Recording, ...]:
        """Return the recordings something of which is in it."""
        found = {film.recording.pk: film.recording for film in self.films}
        return tuple(found.values())

    @property
    def size(self) -> int:
        """Return how many bytes of film it has."""
        return sum(film.size for film in self.films)

    def has(self, content: Content) -> bool:
        """Say whether it holds a kind of thing."""
        return content in self.contents


def plan_for(viewer: Viewer, case: Case, asked: Asked) -> Plan:
    """Return what a package of a case this viewer may know of would hold for somebody."""
    exhibits = list(exhibits_of(viewer, case).filter(voided_at=None))
    films = list(films_of(viewer, case, exhibits, asked))
    chosen = tuple(film for film in films if not film.why_not)
    handles = {film.copy.handle for film in films if film.copy}
    return Plan(
        case=case,
        asked=asked,
        contents=holds(asked.audience, asked.extra),
        films=chosen,
        left_out=tuple(film for film in films if film.why_not),
        gone=tuple(each for each in exhibits if each.clip and each.clip not in handles),
        lines=_open_lines(viewer, case, chosen, asked.audience),
    )


def _open_lines(
    viewer: Viewer, case: Case, films: Sequence[Film], audience: Audience
) -> tuple[Line, ...]:
    # Originals that go beside the clips of them, because they were asked for, are no exhibits.
    asked_of = [f for f in films if f.kind is Content.CLIPS or audience is Audience.WATCHDOG]
    chosen = [Chosen(f.original.handle, f.copy.handle if f.copy else "") for f in asked_of]
    lines = open_lines(viewer, case, dict.fromkeys(chosen), audience)
    # What files are called here is asked below, of the paths they really have.
    return tuple(line for line in lines if line.check is not Check.NAMES)


def faults_of_names(plan: Plan) -> tuple[str, ...]:
    """Return what is wrong with the paths in a package; nothing when all can be told apart."""
    paths = [(film.title, film.path) for film in plan.films]
    wrong = faults_of_paths(paths, plan.name)
    return tuple(f"{title}: {said}" for title, said in wrong.items())
