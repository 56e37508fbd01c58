"""The verbs as two people use them who have an answer to every question of the guards."""

import copy
from typing import Any

from events import editions, guards, publishing

NOTE = {"en": "The date was wrong."}


def _answers(questions: list[Any]) -> dict[str, str]:
    return {each.code: "Checked." for each in questions}


def approved(item: Any, writer: Any, officer: Any, release_at: Any) -> Any:
    """A draft, or a text in review, approved for a time."""
    item = _in_review(item, writer)
    return publishing.approve(item, officer, release_at, _answers(guards.questions(item)))


def released(item: Any, writer: Any, officer: Any) -> Any:
    """A draft, or a text in review, released at the set clock."""
    item = _in_review(item, writer)
    return publishing.release_now(item, officer, _answers(guards.questions(item)))


def _in_review(item: Any, writer: Any) -> Any:
    item = type(item).objects.get(pk=item.pk)
    return publishing.submit(item, writer) if item.status == "draft" else item


def changed(
    item: Any, writer: Any, officer: Any, kind: str = "correction", note: Any = NOTE,
    edit: Any = None, **fields: Any,
) -> Any:  # fmt: skip
    """A change of the item as it stands, proposed by one and applied by the other: of columns,
    or of the whole content by `edit`."""
    content = copy.deepcopy(editions.snapshot(type(item).objects.get(pk=item.pk)))
    content["fields"] |= fields
    if edit:
        edit(content)
    proposed = publishing.propose(item, content, writer, kind, note)
    return publishing.apply_change(proposed, officer, _answers(publishing.questions(proposed)))
