"""Entries for BibTeX, as programs that keep references read them."""

from collections.abc import Mapping

# Braces as words of their own: BibTeX counts those that a backslash stands before, too.
_SPECIAL = str.maketrans(
    {
        "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "%&$#_"},
    }
)  # fmt: skip
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def escaped(text: str) -> str:
    """Text for a field: TeX's own signs as words, other letters as they are, on one line."""
    return " ".join(text.translate(_SPECIAL).split())


def entry(key: str, fields: Mapping[str, str], iso_date: str, address: str) -> str:
    """A @misc entry. Every text is braced twice: nothing is taken for a first name, and no
    capital is lost.

    `iso_date` is a year, a month or a day ("2007-10-06"); of `key` only what a key may hold stays.
    """
    year, *rest = iso_date.split("-")
    lines = [f"{name} = {{{{{escaped(text)}}}}}" for name, text in fields.items() if text]
    lines.append(f"year = {{{year}}}")
    if rest:
        lines.append(f"month = {_MONTHS[int(rest[0]) - 1]}")
    if len(rest) > 1:
        lines.append(f"day = {{{int(rest[1])}}}")
    # An address is read letter by letter.
    lines.append(f"url = {{{address.replace('{', '%7B').replace('}', '%7D')}}}")
    safe = "".join(sign for sign in key if sign.isascii() and (sign.isalnum() or sign in "-:."))
    return "@misc{" + ",\n  ".join([safe, *lines]) + "\n}"
