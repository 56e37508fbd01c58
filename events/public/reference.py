"""People, organisations, countries, topics and series: each with everything connected."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from ..models import Country, Organisation, Person, Publication, Quote, Series, Topic
from .metadata import page
from .pages import public_page
from .paging import page_of

SAID = 5


def _reference_list(request: HttpRequest, model: Any, template: str) -> HttpResponse:
    rows = sorted(model.objects.public(), key=lambda row: (row.sort_key() or "").casefold())
    return page(request, template, "", rows=rows)


def _reference_page(
    request: HttpRequest, row: Any, template: str, **context: Any
) -> HttpResponse:  # fmt: skip
    rows = Publication.objects.public().about(row).select_related("as_event")
    listed = page_of(rows, "date", request.GET)
    return page(request, template, "", row=row, page=listed, **context)


@public_page()
def people(request: HttpRequest) -> HttpResponse:
    """Everybody whom something public names."""
    return _reference_list(request, Person, "public/people.html")


@public_page("after")
def person(request: HttpRequest, slug: str) -> HttpResponse:
    """A person: offices held, and everything connected."""
    row = get_object_or_404(Person.objects.public(), slug=slug)
    said = (
        Quote.objects.public()
        .filter(person=row)
        .select_related("person", "statement")
        .order_by("-statement__date", "-uid")
    )
    return _reference_page(
        request, row, "public/person.html", person=row,
        offices=list(row.offices.select_related("organisation", "country")),
        quotes=list(said[:SAID]),
    )  # fmt: skip


@public_page()
def organisations(request: HttpRequest) -> HttpResponse:
    """Every organisation that something public names."""
    return _reference_list(request, Organisation, "public/organisations.html")


@public_page("after")
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """An organisation: its members with their dates, and everything connected."""
    row = get_object_or_404(Organisation.objects.public(), slug=slug)
    members = list(row.memberships.select_related("country"))
    shown = set(Country.objects.public().values_list("pk", flat=True))
    for each in members:
        each.country_url = each.country.get_absolute_url() if each.country_id in shown else ""
    return _reference_page(
        request, row, "public/organisation.html", organisation=row, memberships=members
    )


@public_page()
def countries(request: HttpRequest) -> HttpResponse:
    """Every country that something public names."""
    return _reference_list(request, Country, "public/countries.html")


@public_page("after")
def country(request: HttpRequest, iso2: str) -> HttpResponse:
    """A country: everything connected, the latest first."""
    if iso2 != iso2.lower():  # one address for one page
        raise Http404
    row = get_object_or_404(Country.objects.public(), iso2=iso2.upper())
    return _reference_page(request, row, "public/country.html", country=row)


@public_page()
def topics(request: HttpRequest) -> HttpResponse:
    """Every topic that something public is about."""
    return _reference_list(request, Topic, "public/topics.html")


@public_page("after")
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """A topic: everything connected, the latest first."""
    row = get_object_or_404(Topic.objects.public(), slug=slug)
    return _reference_page(request, row, "public/topic.html", topic=row)


@public_page("after")
def series(request: HttpRequest, slug: str) -> HttpResponse:
    """A series of meetings, the latest first."""
    row = get_object_or_404(Series.objects.public(), slug=slug)
    return _reference_page(request, row, "public/series.html", series=row)
