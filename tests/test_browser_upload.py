"""Many photos at once and the focal point, in a real browser."""

import base64
import os

import pytest
from axe_playwright_python.sync_playwright import Axe

from events.models import Edition, Photo

from .uploads import encoded, halves, picture, with_everything

# Playwright runs a loop of its own in this thread, which Django takes for an async caller.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

pytestmark = pytest.mark.django_db(transaction=True)
MANY = "/admin/events/photo/upload/"
DROP = """(files) => {
  const carried = new DataTransfer();
  for (const [name, data] of files) {
    const bytes = Uint8Array.from(atob(data), (each) => each.charCodeAt(0));
    carried.items.add(new File([bytes], name));
  }
  for (const type of ["dragenter", "dragover", "drop"]) {
    const event = new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: carried });
    document.body.dispatchEvent(event);
  }
}"""


def sign_in(page, live_server, user):
    page.goto(f"{live_server.url}/admin/login/")
    page.fill("#id_username", user.username)
    page.fill("#id_password", "a-password-for-tests")
    page.click("input[type=submit]")


def violations(page):
    found = Axe().run(page).response["violations"]
    return [(each["id"], each["nodes"][0]["html"]) for each in found]


def test_pictures_are_dropped_and_each_has_its_own_answer(page, live_server, staff, complaints):
    sign_in(page, live_server, staff("Writer"))
    page.goto(live_server.url + MANY)
    dropped = {
        "told.jpg": with_everything(), "page.jpg": b"<!doctype html>",
        "one.png": encoded(picture(), "PNG"), "half.jpg": encoded(halves())[:-50],
        "two.png": encoded(picture(colour="blue"), "PNG"),
    }  # fmt: skip
    sent = [[name, base64.b64encode(data).decode()] for name, data in dropped.items()]
    page.evaluate(DROP, sent)
    page.wait_for_selector(".upload-waits", state="detached")
    lines = page.locator("#upload-results .upload").all_inner_texts()
    assert [line.split()[0] for line in lines] == list(dropped)
    assert page.locator(".upload-kept .upload-name").all_inner_texts() == [
        "told.jpg", "one.png", "two.png",
    ]  # fmt: skip
    assert page.locator(".upload-sum").inner_text() == "5 of 5 files done; refused: 2"
    assert page.locator(".upload-why").all_inner_texts() == [
        "This is a page of the web and not a picture.",
        "The picture is damaged or incomplete: it could not be opened.",
    ]
    assert (Photo.objects.count(), Edition.objects.count()) == (3, 3)
    assert complaints == []
    assert violations(page) == []
    page.click("text=Describe it >> nth=0")
    page.wait_for_selector("#id_caption_en")
    assert page.input_value("#id_caption_en") == "A session"


def test_lost_connection_is_said_and_tried_again(page, live_server, staff):
    sign_in(page, live_server, staff("Writer"))
    page.goto(live_server.url + MANY)
    page.route(f"**{MANY}", lambda route: route.abort())
    file = {"name": "one.png", "mimeType": "image/png", "buffer": encoded(picture(), "PNG")}
    page.set_input_files("#id_image", file)
    assert page.locator(".upload-refused .upload-why").inner_text() == (
        "The connection was lost: nothing of this file was saved."
    )
    page.unroute(f"**{MANY}")
    page.click(".upload button")
    page.wait_for_selector(".upload-kept")
    assert Photo.objects.count() == 1


def test_pictures_are_sent_without_a_script(browser, live_server, staff):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server, staff("Writer"))
    page.goto(live_server.url + MANY)
    page.set_input_files("#id_image", [
        {"name": "one.png", "mimeType": "image/png", "buffer": encoded(picture(), "PNG")},
        {"name": "page.jpg", "mimeType": "image/jpeg", "buffer": b"<!doctype html>"},
    ])  # fmt: skip
    page.click("input[type=submit][value=Upload]")
    assert page.locator(".upload .upload-name").all_inner_texts() == ["one.png", "page.jpg"]
    assert page.locator(".upload-kept").count() == 1
    assert Photo.objects.count() == 1
    context.close()


def test_focal_point_is_set_by_click_and_by_keys_and_saved(page, live_server, staff, complaints):
    sign_in(page, live_server, staff("Writer"))
    page.goto(f"{live_server.url}/admin/events/photo/add/")
    assert page.locator("#focal").is_hidden()
    file = {"name": "wide.png", "mimeType": "image/png",
            "buffer": encoded(halves((400, 200)), "PNG")}  # fmt: skip
    page.set_input_files("#id_image", file)
    page.wait_for_selector("#focal img")
    page.locator("#focal img").click(position={"x": 100, "y": 150})
    assert (page.input_value("#id_focal_x"), page.input_value("#id_focal_y")) == ("0.25", "0.75")
    page.focus(".focal-field")
    for key in ("ArrowRight", "ArrowRight", "ArrowUp", "Shift+ArrowLeft"):
        page.keyboard.press(key)
    assert (page.input_value("#id_focal_x"), page.input_value("#id_focal_y")) == ("0.17", "0.74")
    assert page.locator("#focal [role=status]").inner_text() == (
        "Focal point: 17 % across, 74 % down"
    )
    page.fill("#id_focal_y", "0.5")
    assert page.locator(".focal-mark").evaluate("mark => mark.style.top") == "50%"
    page.click("input[name=_continue] >> nth=0")
    page.wait_for_selector("#focal img")
    photo = Photo.objects.get()
    assert (photo.focal_x, photo.focal_y) == (0.17, 0.5)
    assert page.locator(".focal-mark").evaluate("mark => mark.style.left") == "17%"
    assert complaints == []
    found = violations(page)
    assert [each for each in found if "focal" in each[1]] == []
