"""The OpenAPI document: what it says is what is answered."""

import datetime as dt

import pytest
import schemathesis
import schemathesis.openapi
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from pydantic import TypeAdapter
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from events.models import Membership, Notice, Office, Progress
from events.public.api.document import document, example
from events.public.api.lists import KINDS
from events.public.api.routes import KNOWN, QUERY, RECORD

from . import factories

pytestmark = pytest.mark.django_db
# A value that nothing public bears is refused, though the document cannot list those that are.
CONFIG = SchemathesisConfig.from_dict({
    "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "400", "404"]}},
})  # fmt: skip


@pytest.fixture
def rows(settings):
    """One of everything, and as many requests as there are examples."""
    settings.API_RATE = ""
    found = factories.whole("published", "Shown", "BY")
    factories.whole("retracted", "Gone", "KI")
    return found


@pytest.fixture
def described(rows):
    """The document as it is answered, by the server's own handler within the test's transaction:
    as Django's client has it, the connection stays open between requests."""
    ends = (request_started, request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler(), config=CONFIG)
    for signal in ends:
        signal.connect(close_old_connections)


@pytest.mark.parametrize("mode", GenerationMode)
def test_everything_is_answered_as_the_document_says(described, rows, mode):
    real = {"uid": str(rows["event"].pk), "number": 1}
    asked = []
    for found in described.get_all_operations():
        operation = found.ok()
        if mode == GenerationMode.NEGATIVE and not operation.definition.raw["parameters"]:
            continue

        @given(case=operation.as_strategy(generation_mode=mode), known=st.booleans())
        @examples(max_examples=4, deadline=None, database=None, derandomize=True,
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        def check(case, known):
            if known and case.path_parameters and mode == GenerationMode.POSITIVE:
                case.path_parameters |= {name: real[name] for name in case.path_parameters}
            case.call_and_validate(headers={"Accept-Encoding": "identity"})

        check()
        asked.append(operation.path)
    assert len(asked) == (22 if mode == GenerationMode.NEGATIVE else 23)


def test_every_record_is_what_its_schema_tells_of(client, rows):
    rows["person"].portrait = rows["photo"]
    rows["person"].save()
    Office.objects.create(person=rows["person"], title_en="An office", country=rows["country"])
    Membership.objects.create(organisation=rows["organisation"], country=rows["country"])
    Progress.objects.create(outcome=rows["outcome"], date=dt.date(2020, 2, 1), state="fulfilled",
                            cites_id=rows["statement"].pk)  # fmt: skip
    Notice.objects.create(event=rows["event"], notice_kind="moved", text_en="Elsewhere.",
                          issued_at=factories.LONG_AGO)  # fmt: skip
    for name, record in RECORD.items():
        items = client.get(f"/api/v1/{name}").json()["items"]
        assert items, name
        for item in items:
            shape = TypeAdapter(record)
            read = shape.validate_python(item)
            assert shape.dump_python(read, by_alias=True) == item, name


def test_lists_are_documented_with_the_filters_that_they_have():
    asked = {name: set(query.model_fields) for name, query in QUERY.items()}
    assert asked == {name: set(kind.known) for name, kind in KINDS.items()}
    assert {name: set(KNOWN[name]) for name in asked} == asked


def test_every_field_and_parameter_has_a_description_and_no_example_is_a_list_of_them():
    made = document()
    for path, methods in made["paths"].items():
        for each in methods["get"]["parameters"]:
            assert each["description"], (path, each["name"])
            assert "examples" not in each
    bare = [
        (name, each)
        for name, shape in made["components"]["schemas"].items()
        for each, field in shape["properties"].items()
        if not field.get("description")
    ]
    assert bare == []


def test_example_is_what_its_schema_tells_of():
    schemas = document()["components"]["schemas"]
    shown = example(schemas["Quote"])
    assert TypeAdapter(RECORD["quotes"]).dump_python(
        TypeAdapter(RECORD["quotes"]).validate_python(shown), by_alias=True
    ) == shown  # fmt: skip
