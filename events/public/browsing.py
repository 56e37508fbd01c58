"""The lists that are browsed by what their items bear: outcomes and quotes. What is chosen, what
can be chosen, and the pages."""

from collections.abc import Collection, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from .choices import Choices
from .listing import Shown
from .metadata import list_feeds


def choices(shown: Shown) -> Choices:
    """What can be chosen on a list, and what the chosen is called. At most one query."""
    chosen = {name: shown.chosen.get(name, "") for name in shown.filter.marks()}
    model = str(shown.listing.model._meta.model_name)
    return Choices(model, chosen, shown.whole, shown.found)


def fields(shown: Shown, names: Choices, typed: Collection[str] = ()) -> list[Any]:
    """The fields of the form that offer a choice, or that have something to say; and those that
    are `typed` into."""
    form, marks = shown.filter.form, shown.filter.marks()
    for name in marks:
        form.fields[name].widget.choices = [("", _("All")), *names.of[name]]
    return [
        form[name]
        for name in form.fields
        if name in typed or name in form.errors or (name in marks and shown.whole.get(name))
    ]


def chips(shown: Shown, names: Choices, known: Mapping[str, str] | None = None) -> list[Any]:
    """What is chosen, each with the address of the list without it. `known` are names of what
    the choices do not know, by the name of the filter."""
    found = []
    for name, value in shown.chosen.items():
        if name in shown.filter.form.errors:
            continue
        text = (known or {}).get(name) or names.names.get(name, {}).get(value) or value
        found.append({
            "label": shown.filter.filters[name].label, "name": text,
            "lang": getattr(text, "lang", ""), "url": shown.query(**{name: ""}) or ".",
        })  # fmt: skip
    return found


def switches(shown: Shown, sorts: Mapping[str, str]) -> list[dict[str, Any]]:
    """The links between the orders of a list; the first of `sorts` is the usual one."""
    usual = next(iter(sorts))
    return [
        {"key": f"sort-{key}", "name": name, "current": (shown.sort or usual) == key,
         "url": shown.query(sort="" if key == usual else key) or "."}
        for key, name in sorts.items()
    ]  # fmt: skip


def context(
    shown: Shown, names: Choices, heading: str, sorts: Mapping[str, str], **known: str
) -> dict[str, Any]:
    """What public/listing.html shows of both lists beside their rows. `known` are names of what
    is chosen that are no choices, by the name of the filter."""
    form = shown.filter.form
    return {
        "heading": heading, "list_name": heading, "filter": shown.filter,
        "fields": fields(shown, names), "chips": chips(shown, names, known),
        "sorts": switches(shown, sorts), "sort": shown.sort,
        "filtered": bool(shown.chosen) or bool(form.errors),
        "list_url": reverse(f"public:{shown.listing.route}"),
        "feeds": list_feeds(shown.listing.route, shown.narrowing()) if shown.is_valid else (),
        "hidden": [
            form[name] for name in shown.chosen
            if name not in shown.filter.marks() and name not in form.errors
        ],
    }  # fmt: skip
