"""What the lead picture of a page weighs on a phone."""

from pathlib import Path

import pytest
from django.template import Context, Template
from PIL import Image, ImageChops

from events.files import renditions
from events.files.fields import take_photo
from events.models import Photo

from .uploads import close_all, encoded, upload

MOST = 150_000  # bytes
# Width in pixels of CSS, dots for each, and the rendition that a browser takes there.
PHONES = {"360 × 2": (360, 2, 960), "412 × 2.625": (412, 2.625, 960), "390 × 3": (390, 3, 960)}


def photograph(size=(2400, 1600)):
    """A picture with as much detail at every scale as photographs have: the amplitude of each
    frequency falls as the frequency rises (D. J. Field, 1987), grain of the sensor on top."""
    made = Image.new("L", size, 128)
    for cells in (3, 6, 12, 24, 48, 96, 192, 384, 768):
        noise = Image.effect_noise((cells, cells * 2 // 3), 330 / cells**0.55)
        made = ImageChops.add(made, noise.resize(size, Image.Resampling.BICUBIC), 1, -128)
    grain = Image.effect_noise(size, 6)
    return Image.merge("RGB", [
        ImageChops.add(made, part, 1, -128)
        for part in (grain, Image.new("L", size, 118), grain.transpose(Image.Transpose.ROTATE_180))
    ])  # fmt: skip


@pytest.fixture(autouse=True)
def _closed():
    yield
    close_all()


@pytest.fixture
def lead(db, settings, tmp_path):
    """A photo as detailed as a photograph, with its renditions."""
    settings.MEDIA_ROOT = tmp_path
    kept = take_photo(upload(encoded(photograph(), quality=95)))
    photo = Photo(alt_en="Detail")
    photo.image.save(kept.name, kept)
    renditions.make(photo)
    return photo


def html_of(photo):
    return Template("{% load pictures %}{% picture photo 'lead' %}").render(
        Context({"photo": photo})
    )


def weight(photo, width, form):
    return photo.image.storage.size(renditions.name(photo, width, form))


def test_lead_picture_of_a_phone_is_light(lead):
    weights = {form: weight(lead, 960, form) for form in renditions.FORMATS}
    # As heavy as photographs are: the whole of it weighs more than a byte for each four pixels.
    assert lead.image.size > lead.width * lead.height / 4
    assert 60_000 < weights["webp"] < weights["jpg"] <= MOST


@pytest.mark.parametrize("phone", PHONES)
def test_browser_of_a_phone_takes_the_light_one(browser, phone):
    """Chromium itself chooses, by the very `sizes` that pages have."""
    width, dots, expected = PHONES[phone]
    photo = Photo(image="blobs/00/" + "0" * 64 + ".jpg", width=2400, height=1600)
    context = browser.new_context(
        viewport={"width": width, "height": 800}, device_scale_factor=dots, is_mobile=True,
        has_touch=True,
    )  # fmt: skip
    page = context.new_page()
    asked = []

    def answer(route):
        asked.append(route.request.url)
        route.fulfill(status=200, content_type="image/webp", body=b"")

    page.route("**/photos/**", answer)
    meta = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    page.route("https://press.example/", lambda route: route.fulfill(
        content_type="text/html", body=f"<!doctype html>{meta}{html_of(photo)}"))  # fmt: skip
    page.goto("https://press.example/", wait_until="load")
    context.close()
    (url,) = asked
    assert Path(url).name == f"{expected}.webp"
