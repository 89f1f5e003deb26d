"""The description of the API: fresh, complete, and true under odd requests."""

from itertools import product

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from home_media_api import openapi
from tests.api.rows import add_image, add_problem


def test_the_document_is_fresh():
    """`python -m home_media_api.openapi` writes it; the gallery's types follow it."""
    assert openapi.FILE.read_bytes() == openapi.document()


def test_every_route_has_a_name_words_and_an_example(client):
    document = client.get("/api/openapi.json").json()
    names = []
    for address, methods in document["paths"].items():
        for operation in methods.values():
            names.append(operation["operationId"])
            assert operation["tags"], address
            assert operation["description"], address
            assert {"404", "422", "503"} <= set(operation["responses"]), address
    assert len(names) == len(set(names))


load_all_checks()


def test_odd_requests_get_described_answers(client, conn):
    """No crash, no undescribed status, type or shape, whatever is asked."""
    add_image(conn)
    add_problem(conn, reason="truncated")
    local = {"Host": "localhost"}
    described = schemathesis.openapi.from_asgi(
        "/api/openapi.json", client.app, headers=local
    )
    checks = [
        schemathesis.checks.not_a_server_error,
        status_code_conformance,
        content_type_conformance,
        response_schema_conformance,
    ]
    operations = [found.ok() for found in described.get_all_operations()]
    for operation, mode in product(operations, GenerationMode):
        if mode.is_negative and "parameters" not in operation.definition.raw:
            continue  # nothing to get wrong

        @settings(
            max_examples=12,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case):
            case.validate_response(case.call(headers=local), checks=checks)

        ask()
