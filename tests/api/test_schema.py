"""Whatever is sent to this door, it answers as its own document says (schemathesis)."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.api.conftest import Matter, packed, program_of

from custodes.recordings.models import Copy
from custodes.site.wsgi import application

pytestmark = pytest.mark.django_db

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
FEW = settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def operations() -> list[Any]:
    """Return every operation of the document, as the server hands it out."""
    document = schemathesis.openapi.from_wsgi("/api/openapi.json", application)
    return [found.ok() for found in document.get_all_operations()]


def test_every_address_answers_as_its_document_says(matter: Matter) -> None:
    shown = {"Authorization": f"Bearer {program_of(matter.okafor).secret}"}
    ours = {
        "case": matter.case.handle,
        "recording": matter.recording.handle,
        "clip": matter.clip.handle,
        "share": matter.shared().handle,
        "package": packed(matter).handle,
    }
    seen: set[int] = set()

    for operation in operations():
        right, wrong = (operation.as_strategy(generation_mode=mode) for mode in GenerationMode)

        @FEW
        @given(case=st.one_of(right, wrong), is_ours=...)
        def answers(case: Any, is_ours: bool) -> None:
            if (
                is_ours and case.meta.generation.mode is GenerationMode.POSITIVE
            ):  # what is made up is never there
                case.path_parameters |= {name: ours[name] for name in case.path_parameters}
            answer = case.call(headers=shown)
            seen.add(answer.status_code)
            case.validate_response(answer, checks=CHECKS)

        answers()

    assert {200, 404, 422} <= seen
    assert Copy.objects.filter(purpose="clip").exists()
