"""The ground that shows where a picture is still to come: one tone, the mean of the whole picture.

It stands in the page as three classes of the one stylesheet (static/css/pictures.css), a level of
red, of green and of blue: no style in the page, no second request, no script, and forty bytes. The
mean, because nothing gets lighter or darker on the whole when the picture arrives.

A tone is kept with the version of the picture that it was taken from, so that it is never shown
before another one: a proposed one, or one put in its place while the disk was full. It is derived
like a rendition, made with them, and no content of the photo: editions know nothing of it.
"""

from typing import Any

from PIL import Image

STEP = 51  # of the 255 of a channel: six levels, 216 tones
# Below this luminance white text is easier to read than black, and never worse than 4.5:1
# (WCAG 2.2, 1.4.3): what the picture shows is written on its ground where it cannot be loaded.
_DEEP = 0.179


def measured(image: Any) -> str:
    """The levels of red, green and blue, as in "352"; "" for a picture that one can look through,
    behind which a ground would stay."""
    if image.has_transparency_data and image.convert("RGBA").getchannel("A").getextrema()[0] < 255:
        return ""
    mean = image.convert("RGB").resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    return "".join(str(round(value / STEP)) for value in mean)


def noted(tone: str, version: str) -> str:
    """What is stored of a tone: of which version of the picture it is, and its levels."""
    return f"{version}:{tone}"


def is_of(stored: str, version: str) -> bool:
    """Whether a stored tone was measured of this version of the picture."""
    return stored.partition(":")[0] == version


def classes(stored: str, version: str) -> str:
    """The classes of the picture's img: "tone r3 g5 b2", with "deep" where it takes white text; ""
    where the tone of this version is not known, or it has none."""
    tone = stored.partition(":")[2] if is_of(stored, version) else ""
    if not tone:
        return ""
    named = " ".join(f"{channel}{level}" for channel, level in zip("rgb", tone, strict=True))
    return f"tone {named}{' deep' if _luminance(tone) < _DEEP else ''}"


def _luminance(tone: str) -> float:
    """The relative luminance of a tone (WCAG 2.2)."""
    linear = []
    for level in tone:
        value = int(level) * STEP / 255
        linear.append(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
