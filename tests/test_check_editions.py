"""Whoever changes, removes or cuts off an edition is found out, and the place is named."""

import pytest
from django.core.management import CommandError, call_command

from events import editions, publishing
from events.models import Edition, Topic
from events.roles import FOUNDING_IMPORT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("intruder")]


def _topic(slug: str) -> Topic:
    """A topic with three editions."""
    topic = Topic(slug=slug, name_en="First")
    for name in ("First", "Second", "Third"):
        with publishing.saving(topic, FOUNDING_IMPORT) as topic:
            topic.name_en = name
            topic.save()
    return topic


@pytest.fixture
def topic(db) -> Topic:
    return _topic("a-topic")


def refusal() -> str:
    """What the command says of a record that is not sound, leaving with 1."""
    with pytest.raises(CommandError) as caught:
        call_command("check_editions")
    assert caught.value.returncode == 1
    return str(caught.value)


def _rewritten(topic: Topic, number: int) -> Edition:
    """An edition whose text was changed behind everybody's back."""
    edition = editions.of(topic).get(number=number)
    edition.snapshot["content"]["fields"]["name_en"] = "Slipped in"
    Edition.objects.filter(pk=edition.pk).update(snapshot=edition.snapshot)
    return edition


def _digest_to_match(edition: Edition) -> None:
    Edition.objects.filter(pk=edition.pk).update(chain_digest=editions.chain_digest(edition))


def test_sound_editions_are_one_sentence(topic, capsys):
    call_command("check_editions")
    assert capsys.readouterr().out == "1 records checked; every edition is in its place.\n"


@pytest.mark.parametrize("number", [1, 2, 3])
def test_tampered_snapshot_is_named(topic, number):
    _rewritten(topic, number)
    assert refusal() == f"topic {topic.pk}: edition {number} was changed after it was written"


def test_tampered_snapshot_with_a_digest_to_match_breaks_the_next_link(topic):
    _digest_to_match(_rewritten(topic, 2))
    assert refusal() == f"topic {topic.pk}: edition 3 does not follow the one before it"


def test_tampered_tail_with_a_digest_to_match_is_named(topic):
    _digest_to_match(_rewritten(topic, 3))
    assert refusal().startswith(f"topic {topic.pk}: ")


@pytest.mark.parametrize("left", [2, 1, 0])
def test_deleted_tail_is_named(topic, left):
    editions.of(topic).filter(number__gt=left).delete()
    assert refusal() == f"topic {topic.pk}: 3 editions were written, {left} are here"


@pytest.mark.parametrize("number", [1, 2])
def test_deleted_beginning_or_middle_is_named(topic, number):
    editions.of(topic).filter(number=number).delete()
    assert refusal() == f"topic {topic.pk}: edition {number} is missing"


def test_record_changed_without_an_edition_is_named(topic):
    Topic.objects.filter(pk=topic.pk).update(name_en="Slipped in")
    assert refusal() == f"topic {topic.pk}: was changed without an edition"


def test_record_stored_without_a_verb_is_named(db):
    topic = Topic.objects.create(slug="a-topic", name_en="A topic")
    assert refusal() == f"topic {topic.pk}: has no edition"


def test_every_broken_record_is_named_and_no_sound_one(topic):
    other, _sound = _topic("another-topic"), _topic("a-sound-topic")
    editions.of(topic).filter(number=2).delete()
    editions.of(other).filter(number=3).delete()
    assert sorted(refusal().splitlines()) == sorted(
        [
            f"topic {topic.pk}: edition 2 is missing",
            f"topic {other.pk}: 3 editions were written, 2 are here",
        ]
    )
