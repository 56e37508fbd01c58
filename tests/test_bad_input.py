"""What people and programs type that no page expects: every list, the search and every address
answers in house style and in the language that was asked for, and nothing ever breaks."""

import re
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup

from events.languages import CODES

from . import archive, factories, pages

pytestmark = pytest.mark.django_db

UID = "00000000-0000-0000-0000-000000000000"
# Percent-encoded, as it comes over the line; some of it is no text at all.
BAD = (
    *map(quote, (
        '"', '""', '"unclosed', "*", "AND", "OR NOT", "%", "%%", "_", "-", "--", "-a", "a-", "+",
        "(", ")", "NEAR(a b)", "title:a", "^a", "a*", ":*", "a & b", "|", "!", "<->", "\\", "'",
        "' OR 1=1 --", "<script>alert(1)</script>", "{{ 1 }}", "../../etc/passwd", "a" * 10_000,
        "a " * 5_000, '"' * 999, "\x01\x02\x1b\x7f", "\u200b\u202e\ufeff", "\ud7ff\ufffd", " ",
        "漢字", "اختبار", "हिन्दी", "𝔘𝔫𝔦", "e\u0301\u0301", "👩‍👩‍👧", "қ", "İ", "ß", "２００７",
        "0000-00-00", "2007-02-30", "9999-12-31", "10000-01-01", "0001-01-01", "-1", "0", "1e400",
        "NaN", "99999999999999999999", "2007-13", "1/1/2007", "None", "null", "[]",
        f"2020-01-01_{UID}", f"2020-01-01T00:00:00Z_{UID}", f"2020-02-30_{UID}", f"_{UID}",
        f"9999-12-31_{UID}", f"0001-01-01T00:00:00Z_{UID}", "2020-01-01_", f"0_0_{UID}",
    )),
    "%00", "a%00b", "%ED%A0%80", "%FF%FE", "%C0%AF", "%F5%80%80%80", "%", "%zz", "a%",
)  # fmt: skip
# What is asked of every list whatever its form holds.
ALWAYS = ("after", "before", "q", "sort", "when", "page", "unknown")
STATUSES = (200, 301, 400, 404)


@pytest.fixture
def rows():
    return factories.whole("published", "Plain", "KZ")


def wrong(client, address: str) -> str:
    """What is wrong with the answer of an address; "" where it is a page in house style."""
    answer = client.get(address)
    if answer.status_code not in STATUSES:
        return f"{answer.status_code}: {address[:200]}"
    if answer.status_code == 301:
        there = answer["Location"]
        return (
            "" if there.startswith("/") and len(there) < 12_000 else f"to {there[:99]}: {address}"
        )
    text = answer.content.decode()
    language = address.split("/")[1]
    faults = {
        "another language": f'<html lang="{language}">' not in text,
        "no masthead": 'class="masthead"' not in text,
        "unescaped": "<script>alert" in text,
        "a template's insides": "{{" in text and "{{" not in address and "%7B" not in address,
    }
    return "; ".join(f"{name}: {address[:200]}" for name, found in faults.items() if found)


def lists(rows) -> dict[str, str]:
    """Every public address without a row of its own, by its route: lists, archives and search."""
    found: dict[str, str] = {}
    own = {str(getattr(row, name)).lower() for row in rows.values()
           for name in ("slug", "pk", "iso2") if hasattr(row, name)}  # fmt: skip
    for route, address in pages.sampled(rows):
        path = address.partition("?")[0]
        parts = set(path.strip("/").split("/"))
        if address.startswith("/en/") and not parts & own and "." not in path:
            found.setdefault(route, path)
    return found


def fields(client, path: str) -> list[str]:
    """The names in the forms of a page, but for the search that stands on every page."""
    forms = BeautifulSoup(client.get(path).content, "html.parser")("form")
    found = [
        field["name"]
        for form in forms if "/search/" in path or "/search/" not in form.get("action", "")
        for field in form(["input", "select"], attrs={"name": True})
    ]  # fmt: skip
    return list(dict.fromkeys(found))


def in_turn(number: int, path: str) -> str:
    return f"/{CODES[number % len(CODES)]}/{path.split('/', 2)[2]}"


def test_bad_values_of_every_parameter_of_every_list_answer_in_house_style(client, rows):
    """A form judges all of its fields at once; of the others the first that is refused hides the
    rest, so they come alone, by turns. A list without a form of its own refuses every parameter,
    and a part of the values shows it."""
    faults = []
    for turn, (route, path) in enumerate(lists(rows).items()):
        names = [] if route.endswith(("_year", "_month")) else fields(client, path)
        for number, value in enumerate(BAD if names else BAD[turn % 7 :: 7]):
            queries = [f"{ALWAYS[number % len(ALWAYS)]}={value}"]
            if names:
                queries.append("&".join(f"{name}={value}" for name in names))
            for query in queries:
                faults.append(wrong(client, f"{in_turn(number, path)}?{query}"))
    assert "\n".join(filter(None, faults)) == ""


@pytest.mark.parametrize("code", CODES)
def test_search_answers_whatever_is_looked_for(client, rows, code):
    some = BAD if code == CODES[0] else BAD[::3]
    faults = [wrong(client, f"/{code}/search/?q={value}") for value in some]
    assert "\n".join(filter(None, faults)) == ""


def test_parameter_given_twice_answers_in_house_style(client, rows):
    faults = []
    for number, path in enumerate(lists(rows).values()):
        for turn, name in enumerate((*fields(client, path), *ALWAYS)):
            pair = (("a", "b"), ("", ""), ("KZ", "kz"), ("%00", "2020"))[(number + turn) % 4]
            query = "&".join(f"{name}={value}" for value in pair)
            faults.append(wrong(client, f"{in_turn(number, path)}?{query}"))
    assert "\n".join(filter(None, faults)) == ""


def test_cursor_of_one_list_is_a_page_or_not_found_on_another(client, rows):
    archive.fill(rows, 22)
    texts = [client.get(path).content.decode() for path in lists(rows).values()]
    cursors = {
        each for text in texts for each in re.findall(r"[?;](?:after|before)=([^\"&]+)", text)
    }
    assert len(cursors) >= 3  # of events, statements, and quotes or outcomes
    faults = [
        wrong(client, f"{in_turn(number, path)}?{name}={cursor}")
        for number, path in enumerate(lists(rows).values())
        for cursor in cursors for name in ("after", "before")
    ]  # fmt: skip
    assert "\n".join(filter(None, faults)) == ""


def test_nonsense_in_place_of_a_row_is_not_found(client, rows):
    """Whatever stands where a slug, a code or an identifier is expected: all of it at the address
    of an event, a part at each of the others, which the same patterns guard."""
    faults = []
    for turn, (route, address) in enumerate(pages.sampled(rows)):
        path = address.partition("?")[0]
        own = [str(getattr(row, name)).lower() for row in rows.values()
               for name in ("slug", "pk", "iso2") if hasattr(row, name)]  # fmt: skip
        held = next((each for each in path.split("/") if each in own), "")
        if not held or not path.startswith("/en/"):
            continue
        some = BAD if route == "public:event" else BAD[turn % 13 :: 13]
        for number, value in enumerate(some):
            there = in_turn(number, path.replace(f"/{held}", f"/{value.replace('/', '')}"))
            if "//" in there or "/../" in there:
                continue  # another address altogether
            answer = client.get(there)
            if answer.status_code not in (301, 404) or (fault := wrong(client, there)):
                faults.append(f"{route} {answer.status_code} {fault}")
    assert "\n".join(faults) == ""


def test_a_day_beyond_the_calendar_is_not_found(client, rows):
    for number, path in enumerate(
        ("events/0/", "events/0000/1/", "events/9999/12/", "events/10000/1/", "events/2020/0/",
         "events/2020/13/", "events/99999999999999999999/", "statements/0/", "statements/2020/13/")
    ):  # fmt: skip
        address = f"/{CODES[number % len(CODES)]}/{path}"
        assert (client.get(address).status_code, wrong(client, address)) == (404, "")
