"""Every page for every reader: WCAG 2.2 AA as far as a program can tell, on every width, in the
light and in the dark, with nothing to scroll sideways and nothing for a browser to complain of."""

import pytest
from django.db import connection

from events.public import home

from . import axe, pages

pytestmark = pytest.mark.django_db(transaction=True)

NARROW = 320
# What a database answers does not change how a page looks: on PostgreSQL one width will do.
WIDTHS = (NARROW, 768, 1280) if connection.vendor == "sqlite" else (NARROW,)
ZOOMED = 640  # what a window of 1280 px holds at 200 % (WCAG 2.2, 1.4.4 and 1.4.10)
HEIGHT = 900


class Judge:
    """Opens pages in one browser window, and notes what is wrong with them."""

    def __init__(self, page, site: str) -> None:
        self.page, self.site, self.wrong = page, site, []
        page.on("console", self._complaint)
        page.on("pageerror", lambda error: self.wrong.append(f"{page.url}: {error}"))
        page.on("request", self._request)

    def _complaint(self, message) -> None:
        # Chromium calls the page itself a failed resource where it answers 404 or 410.
        if message.type == "error" and "the server responded" not in message.text:
            self.wrong.append(f"{self.page.url}: {message.text}")

    def _request(self, request) -> None:
        if not request.url.startswith(self.site):
            self.wrong.append(f"{self.page.url}: asks {request.url}")

    def open(self, address: str, status: int = 200) -> None:
        """Load a page on the narrowest screen."""
        self.page.set_viewport_size({"width": NARROW, "height": HEIGHT})
        answered = self.page.goto(f"{self.site}{address}").status
        if answered != status:
            self.wrong.append(f"{address}: {answered} instead of {status}")
        if (headings := self.page.locator("h1").count()) != 1:
            self.wrong.append(f"{address}: {headings} first headings")
        # What is folded away is a part of the page.
        self.page.evaluate("document.querySelectorAll('details').forEach((one) => one.open = true)")

    def fits(self, address: str, width: int) -> None:
        """Note a page that is wider than the window."""
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            self.wrong.append(f"{address}: {wide} px wide at {width}")

    def is_accessible(self, address: str, width: int) -> None:
        """Note what axe-core finds, in the light and in the dark."""
        found = axe.violations(self.page, targets=True)
        self.wrong += [f"{address}: {each} at {width} px" for each in found]


@pytest.fixture
def judge(page, live_server):
    return Judge(page, live_server.url)


def look(judge: Judge, found: list[pages.Page]) -> None:
    """Judge pages: the first of each route at every width, its other states on a phone."""
    seen = set()
    for page in found:
        judge.open(page.address, page.status)
        kind = (page.route, page.status)
        for width in (NARROW,) if kind in seen else WIDTHS:
            judge.fits(page.address, width)
            judge.is_accessible(page.address, width)
        judge.fits(page.address, ZOOMED)
        seen.add(kind)
    assert judge.page.context.cookies() == []


@pytest.mark.long
@pytest.mark.parametrize("part", [0, 1, 2])
def test_every_page_is_accessible_and_fits(judge, writer, officer, part):
    look(judge, pages.filled(writer, officer)[part::3])
    assert "\n".join(judge.wrong) == ""


def test_lists_of_an_empty_office_are_accessible_and_fit(judge):
    look(judge, pages.empty())
    assert "\n".join(judge.wrong) == ""


def test_page_of_a_failure_is_accessible_and_fits(judge, monkeypatch):
    monkeypatch.setattr(home, "contacts", lambda: 1 / 0)
    look(judge, [pages.Page("public:contacts", f"/{code}/contacts/", 500) for code in ("en", "kk")])
    assert "\n".join(judge.wrong) == ""


def test_judge_finds_what_is_wrong(judge):
    """A judge that says nothing may be asleep."""
    judge.page.goto(f"{judge.site}/en/contacts/")
    judge.page.evaluate(
        """() => {
            const main = document.querySelector("main");
            main.innerHTML = '<a href="/x">x</a><a href="/y">y</a><img src=""><p>Pale</p>';
            main.style.cssText = "color: #bbb; width: 2000px; font-size: 9px; line-height: 1";
            main.style.backgroundColor = "#fff";
        }"""
    )
    judge.fits("/en/contacts/", NARROW)
    judge.is_accessible("/en/contacts/", NARROW)
    said = "\n".join(judge.wrong)
    for each in ("color-contrast: #content > p", "image-alt", "target-size", "px wide"):
        assert each in said
