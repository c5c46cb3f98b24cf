"""Deaths and serious injuries: declared, followed stage by stage, referred, ended."""

from __future__ import annotations

from dataclasses import dataclass

from custodes.custody.events.kind import Event, event
from custodes.custody.rules import Law


@event
@dataclass(frozen=True, slots=True)
class IncidentDeclared(Event):
    """A death or serious injury was declared; what was filmed of it is held and locked."""

    kind = "incident.declared"
    law = Law.SYSTEM
    sentence = (
        "{actor} declared a death or serious injury at {place} on {happened}: {harm}. {link}. "
        "Officers: {officers}. Cameras: {cameras}. {number} recordings were held and locked. "
        "It was clear that it must be referred: {clear}."
    )

    place: str
    happened: str
    harm: str
    link: str
    officers: str
    cameras: str
    number: str
    clear: str = "not said"


@event
@dataclass(frozen=True, slots=True)
class IncidentWidened(Event):
    """Officers, cameras or time were added to an incident; nothing is ever taken out."""

    kind = "incident.widened"
    law = Law.SYSTEM
    sentence = "{actor} added {added}; {number} more recordings were held and locked."

    added: str
    number: str


@event
@dataclass(frozen=True, slots=True)
class StageNoted(Event):
    """When a key witness came to a stage was noted, or noted anew."""

    kind = "incident.stage"
    law = Law.SYSTEM
    sentence = "{actor} noted: {stage} of {person} at {reached}. Before: {before}. {because}"

    stage: str
    person: str
    reached: str
    before: str


@event
@dataclass(frozen=True, slots=True)
class AccessDecided(Event):
    """The post-incident manager let somebody see footage, after whom they had consulted."""

    kind = "incident.access_decided"
    law = Law.SYSTEM
    sentence = (
        "{actor} let {person} see {what}, for {purpose}, {until}, {when}. Consulted: {consulted}. "
        "Version {version}. Reason: {because}"
    )

    person: str
    what: str
    purpose: str
    until: str
    when: str
    consulted: str
    version: str


@event
@dataclass(frozen=True, slots=True)
class AccessEnded(Event):
    """Somebody who had been let in is let in no more."""

    kind = "incident.access_ended"
    law = Law.SYSTEM
    sentence = "{actor} ended that {person} may see footage of it: {because}"

    person: str


@event
@dataclass(frozen=True, slots=True)
class IncidentReferred(Event):
    """The matter was referred to the police watchdog."""

    kind = "incident.referred"
    law = Law.SYSTEM
    sentence = "{actor} noted that it was referred on {referred}, reference {reference}."

    referred: str
    reference: str


@event
@dataclass(frozen=True, slots=True)
class MonitoringLinked(Event):
    """A recording of the procedure itself was put under the same hold and lock."""

    kind = "incident.monitoring"
    law = Law.SYSTEM
    sentence = "{actor} linked a recording of the procedure itself: {because}"


@event
@dataclass(frozen=True, slots=True)
class IncidentEnded(Event):
    """The procedure is over: the locks were lifted. The hold stands until it is released."""

    kind = "incident.ended"
    law = Law.SYSTEM
    sentence = (
        "{actor} ended the procedure and lifted the locks on {number} recordings, "
        "reference {reference}: {because}"
    )

    number: str
    reference: str


@event
@dataclass(frozen=True, slots=True)
class EndedWithoutCamera(Event):
    """The procedure ended though a camera that was there had not been docked: which, and why."""

    kind = "incident.ended_without"
    law = Law.SYSTEM
    sentence = "{actor} ended the procedure without {camera}, which had not been docked: {because}"

    camera: str
