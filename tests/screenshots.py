"""`make screenshots`: photographs of the running site; the README shows the first of them.

Asks the site at SITE_URL (http://127.0.0.1:8000 by default), which `make run` serves.
"""

import os
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

SITE = os.environ.get("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
EVENT = "events/csto-collective-security-council-session-dushanbe-2007/"
INTO = Path(__file__).parent.parent / "var" / "screenshots"
README_PICTURE = Path(__file__).parent.parent / "static" / "img" / "event-page.png"

SHOTS = [  # name, address, width, height, colours; a height of 0 is the whole page
    ("event", f"en/{EVENT}", 1280, 1000, "light"),
    ("home", "en/", 1280, 0, "light"),
    ("events-kk", "kk/events/", 1280, 0, "light"),
    ("event-ru-phone", f"ru/{EVENT}", 375, 0, "light"),
    ("event-kk-dark", f"kk/{EVENT}", 1280, 0, "dark"),
    ("outcomes-ru", "ru/outcomes/", 768, 0, "light"),
]


def main() -> None:
    """Take every picture, and a PDF of the event page as it prints."""
    INTO.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        for name, address, width, height, colours in SHOTS:
            page = browser.new_page(
                viewport={"width": width, "height": height or 900}, color_scheme=colours
            )
            page.goto(f"{SITE}/{address}")
            path = README_PICTURE if name == "event" else INTO / f"{name}.png"
            page.screenshot(path=path, full_page=not height)
            if name == "event":
                page.pdf(path=INTO / "event.pdf")
            page.close()
        browser.close()
    sys.stdout.write(f"The pictures are in {INTO}; README shows {README_PICTURE.name}.\n")


if __name__ == "__main__":
    main()
