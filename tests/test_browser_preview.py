"""Preview links and rehearsals in a real browser, from the office's page to the reader's."""

import datetime as dt
import os
import re

import pytest
from django.test import override_settings

from events import preview
from events.models import PreviewLink, Publication, Reading

from . import axe, factories
from .test_browser import sign_in

# Playwright runs a loop of its own in this thread, which Django takes for an async caller.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(live_server):
    """The server's address, as the office's own settings know it."""
    with override_settings(SITE_URL=live_server.url):
        yield live_server.url


def embargoed(word="Kryptonym"):
    """An embargoed statement with a quote, out in two hours."""
    when = dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(hours=2)
    item = factories.statement("embargoed", word, release_at=when, published_at=when)
    factories.quote(item, word)
    return item


def test_officer_makes_a_link_and_a_newsroom_reads_by_it(
    browser, page, site, live_server, staff, complaints
):
    item = embargoed()
    sign_in(page, live_server, staff("Press officer"))
    page.goto(f"{site}/admin/events/statement/{item.pk}/preview-links/")
    page.get_by_label("For whom").fill("The Daily Example")
    page.get_by_role("button", name="Make a link").click()
    address = page.get_by_label("Address").input_value()
    code = address.partition("#")[2]
    assert address == f"{site}/preview/#{code}"

    context = browser.new_context(locale="en-GB")
    reader, asked = context.new_page(), []
    reader.on("console", lambda said: said.type == "error" and complaints.append(said.text))
    reader.on("request", lambda request: asked.append(request.url))
    reader.goto(address)
    # The code is out of the address bar, in the form, and nothing has been used up.
    assert reader.url == f"{site}/preview/"
    assert reader.locator("#code").is_hidden()
    assert Reading.objects.count() == 0
    reader.get_by_role("button", name="Open the preview").click()
    assert reader.url.removesuffix("#") == f"{site}/preview/{item.pk}/en/statements/{item.slug}/"
    assert "Kryptonym title en" in reader.locator("h1").inner_text()
    banner = reader.locator(".not-released")
    assert "PREVIEW: NOT RELEASED" in banner.inner_text().upper()
    reader.evaluate("scrollTo(0, document.body.scrollHeight)")
    assert banner.bounding_box()["y"] == 0
    reader.locator(".tongues").get_by_role("link", name="Русский").click()
    assert reader.url.endswith(f"/{item.pk}/ru/statements/{item.slug}/")
    assert banner.count() == 1
    reader.get_by_role("link", name=re.compile("Постоянная|Permanent")).first.click()
    assert "/quotes/" in reader.url
    assert banner.count() == 1
    assert code not in "".join(asked)
    assert Reading.objects.filter(how="link", by_name__startswith="The Daily Example").count() == 3
    assert complaints == []

    page.goto(f"{site}/admin/events/statement/{item.pk}/preview-links/")
    page.get_by_role("button", name="Revoke the link for The Daily Example").first.click()
    assert PreviewLink.objects.get().revoked_at is not None
    assert reader.reload().status == 403
    assert "Kryptonym" not in reader.content()
    # As a stranger's browser, with the code typed by hand and wrong.
    reader.goto(f"{site}/preview/")
    reader.get_by_label("The code").fill(code[:-2])
    reader.get_by_role("button", name="Open the preview").click()
    assert reader.get_by_role("heading").inner_text() == "This opens nothing"
    context.close()


def test_door_works_without_javascript(browser, site, live_server, staff):
    item = embargoed()
    _link, code = preview.make_link(item, staff("Press officer"), "The Daily Example")
    context = browser.new_context(java_script_enabled=False)
    reader = context.new_page()
    reader.goto(f"{site}/preview/#{code}")
    reader.fill("#code", f"{site}/preview/#{code}")
    reader.click("button")
    assert reader.url == f"{site}/preview/{item.pk}/en/statements/{item.slug}/"
    context.close()


def test_officer_rehearses_a_coming_release(page, site, live_server, staff, complaints):
    item = embargoed()
    sign_in(page, live_server, staff("Press officer"))
    page.goto(f"{site}/rehearsal/")
    page.locator(".rehearsals a").first.click()
    assert page.get_by_role("heading", name=re.compile("^New")).count() == 1
    page.get_by_role("link", name="Kryptonym title en: English").click()
    assert "Kryptonym title en" in page.locator("h1").inner_text()
    assert "REHEARSAL: NOT RELEASED" in page.locator(".not-released").inner_text().upper()
    page.get_by_role("link", name="Statements", exact=True).click()
    assert "/rehearsal/" in page.url
    assert page.locator(".rows >> text=Kryptonym title en").count() == 1
    page.get_by_role("link", name="All that changes").click()
    assert page.url == f"{site}/rehearsal/{preview.stamp(item.release_at)}/"
    assert complaints == []
    assert page.goto(f"{site}/en/statements/{item.slug}/").status == 404


def test_pages_are_accessible_and_fit(page, site, live_server, staff):
    item = embargoed()
    officer = staff("Press officer")
    link, _code = preview.make_link(item, officer, "The Daily Example")
    Reading.objects.create(record_uid=item.pk, link=link, by_name="The Daily Example", how="link",
                           at=link.made_at)  # fmt: skip
    sign_in(page, live_server, officer)
    at = f"/rehearsal/{preview.stamp(item.release_at)}/"
    draft = factories.event("draft")
    Publication.objects.filter(pk=draft.pk).update(ready_en=False, ready_ru=False, ready_kk=False)
    for number, path in enumerate((
        "/preview/", f"/preview/{item.pk}/en/statements/{item.slug}/", f"/preview/{draft.pk}/",
        f"/admin/events/statement/{item.pk}/preview-links/", "/rehearsal/", at, f"{at}en/",
    )):  # fmt: skip
        page.goto(site + path)
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 900})
            if folder := os.environ.get("SCREENSHOTS"):
                page.screenshot(path=f"{folder}/{number}-{width}.png", full_page=True)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            assert (path, axe.violations(page)) == (path, [])
