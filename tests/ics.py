"""iCalendar as RFC 5545 has it, read without the library that writes ours: a second opinion."""

import re

_UNESCAPED = re.compile(r"\\([nN;,\\])")
# What the library, and every program, may be handed of each property at most once in an entry.
ONCE = frozenset("UID DTSTAMP CREATED LAST-MODIFIED SEQUENCE DTSTART DTEND STATUS CLASS TRANSP "
                 "SUMMARY DESCRIPTION LOCATION URL".split())  # fmt: skip


def lines(raw: bytes) -> list[str]:
    """The content lines, unfolded. Every rule of section 3.1 is checked on the way."""
    assert raw.endswith(b"\r\n")
    assert raw.count(b"\n") == raw.count(b"\r") == raw.count(b"\r\n")
    physical = raw.removesuffix(b"\r\n").split(b"\r\n")
    assert max(map(len, physical)) <= 75
    assert all(physical)
    for each in physical:
        each.decode()  # no character is cut in its middle
    return raw.decode().replace("\r\n ", "").splitlines(keepends=False)


def typed(value: str) -> str:
    """A TEXT value as it was typed (3.3.11)."""
    return _UNESCAPED.sub(lambda found: {"n": "\n", "N": "\n"}.get(found[1], found[1]), value)


def entries(raw: bytes) -> list[dict[str, str]]:
    """The VEVENTs, each as name to value, the parameters kept with the name where there are any."""
    found: list[dict[str, str]] = []
    text = raw.decode().replace("\r\n ", "")
    for part in text.split("\r\nBEGIN:VEVENT\r\n")[1:]:
        entry: dict[str, str] = {}
        for line in part.partition("\r\nEND:VEVENT\r\n")[0].split("\r\n"):
            name, value = re.match(
                r'([A-Z-]+(?:;[A-Z-]+=(?:"[^"]*"|[^":;]*))*):(.*)', line
            ).groups()
            bare = name.partition(";")[0]
            assert bare not in ONCE or not any(each.partition(";")[0] == bare for each in entry)
            entry[name] = value
        assert {"UID", "DTSTAMP"} <= set(entry)
        found.append(entry)
    return found
