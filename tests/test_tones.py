"""The ground that shows where a picture is still to come."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.template import Context, Template
from PIL import Image

from events import editions, publishing
from events.files import renditions, tones
from events.files.fields import take_photo
from events.models import Photo

from . import factories
from .uploads import close_all, encoded, upload

CSS = Path(__file__).parent.parent / "static" / "css" / "pictures.css"
VERSION = "0123456789ab"


@pytest.fixture(autouse=True)
def _closed():
    yield
    close_all()


@pytest.fixture
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def library(writer, own_media, django_capture_on_commit_callbacks):
    """Makes a photo of one colour by the verb, with all that follows its commit."""

    def add(colour, mode="RGB", form="JPEG"):
        photo = Photo(image=take_photo(upload(encoded(Image.new(mode, (400, 300), colour), form))))
        after = django_capture_on_commit_callbacks(execute=True)
        with after, publishing.saving(photo, writer) as record:
            record.save()
        return Photo.objects.get(pk=photo.pk)

    return add


def shown(photo):
    html = Template("{% load pictures %}{% picture photo %}").render(Context({"photo": photo}))
    (found,) = re.findall(r"<img (?:class=\"([^\"]*)\" )?src", html)
    return found


def contrast(one, other):
    lighter, darker = sorted((one, other), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.django_db
def test_photo_is_shown_on_its_tone_once_it_is_committed(library):
    assert shown(library((200, 150, 20))) == "tone r4 g3 b0"
    assert shown(library((10, 20, 60))) == "tone r0 g0 b1 deep"
    assert shown(library(90, "L")) == "tone r2 g2 b2 deep"


@pytest.mark.django_db
def test_picture_that_one_can_look_through_has_no_tone_and_is_not_measured_again(library):
    photo = library((200, 0, 0, 9), "RGBA", "PNG")
    assert (photo.tone, shown(photo)) == (f"{renditions.version(photo)}:", "")


@pytest.mark.django_db
def test_tone_is_of_the_whole_picture(library):
    halves = Image.new("RGB", (400, 300), "black")
    halves.paste("white", (0, 0, 200, 300))
    assert tones.measured(halves) in ("222", "223", "233", "333")


@pytest.mark.django_db
def test_tone_is_never_shown_before_another_picture(library):
    photo, other = library("red"), library("blue")
    photo.image.name = other.image.name
    assert shown(photo) == ""
    assert shown(other) == "tone r0 g0 b5 deep"


@pytest.mark.django_db
def test_tone_is_no_content_and_no_edit(library):
    photo = library("red")
    assert "tone" not in editions.snapshot(photo)["fields"]
    assert (photo.edition_count, editions.check_chain(photo)) == (1, [])


@pytest.mark.django_db
def test_command_measures_the_photos_that_were_there_before_there_were_tones(library, capsys):
    photo = library("red")
    Photo.objects.update(tone="")
    call_command("make_renditions", "--missing")
    assert capsys.readouterr().out == "Made 0 renditions.\n"
    found = Photo.objects.get()
    assert (found.tone, editions.check_chain(found)) == (photo.tone, [])
    assert found.version == photo.version


@pytest.mark.django_db
def test_page_of_an_item_carries_the_tone_and_no_style(client):
    told = factories.statement("published", "Plain")
    photo = factories.photo("Plain", told)
    Photo.objects.update(tone=tones.noted("352", renditions.version(photo)))
    html = client.get(told.get_absolute_url()).content.decode()
    assert (html.count('class="tone r3 g5 b2"'), "style=" in html) == (1, False)


def test_every_tone_has_its_rules_and_words_are_legible_on_it():
    css = CSS.read_text(encoding="utf-8")
    rules = dict(re.findall(r"\.([rgb]\d)\{--[rgb]:(\d+)\}", css))
    assert rules == {
        f"{channel}{level}": str(level * tones.STEP) for channel in "rgb" for level in range(6)
    }
    for number in range(216):
        tone = f"{number // 36}{number // 6 % 6}{number % 6}"
        names = tones.classes(f"{VERSION}:{tone}", VERSION).split()
        assert names[:4] == ["tone", f"r{tone[0]}", f"g{tone[1]}", f"b{tone[2]}"]
        words = 1 if "deep" in names else 0
        assert contrast(tones._luminance(tone), words) >= 4.5
