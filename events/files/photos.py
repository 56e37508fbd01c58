"""A picture is looked at, decoded, turned upright, brought to sRGB and encoded anew.

The bytes that came are never kept: they may tell where the photographer lives, and hold
anything behind the picture's end.
"""

import io
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageFile, JpegImagePlugin

from . import told
from .kept import Kept, Refusal, beginning, extension, room

EXTENSIONS = ("jpg", "jpeg", "png", "webp", "tif", "tiff")
# How many bytes a decoder needs for one pixel, its own buffers included, against the four of the
# picture itself: what the limit of megapixels means for each form. CMYK needs no more memory, but
# twice the time. A progressive JPEG is in memory twice: as a picture, and before that as the
# numbers of all its passes (ITU-T T.81, annex G), two bytes each, with the colours as fine as
# its sampling says (4:4:4, 4:2:2, 4:2:0).
_COST = {"JPEG": 4, "PNG": 4, "TIFF": 6, "WEBP": 16}
_CMYK = 8
_PASSES = {0: 6, 1: 4, 2: 3}
# PNG is slow and large: only what is transparent stays one, and small drawings without loss.
_DRAWING, _TRANSPARENT = 4_000_000, 8_000_000  # pixels
_LONGEST = 30_000  # pixels of a side: longer ones no encoder takes, and no reader sees
_QUALITY = 92
_STRIP = 1_000_000  # pixels that are turned and converted at a time

# EXIF orientation (EXIF 2.32, tag 0x0112): how to turn the picture upright.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90,
}  # fmt: skip
_ORIENTATION = 0x0112
# One picture at a time and process, so that ten people who upload at once need the memory of one.
_alone = threading.Lock()

_DAMAGED = _("The picture is damaged or incomplete: it could not be opened.")
_OTHER = _("This is not a picture of a kind that is taken: JPEG, PNG, WebP or TIFF.")
_MOVING = _("The file holds several pictures or a moving one: save the one that is meant alone.")
_STRANGE = _("The colours of the picture are of a kind that no browser shows: save it in RGB.")
# What else people send, by how it begins, with the way out.
_KNOWN = (
    (b"GIF8", _("GIF is not taken: save the picture as PNG or JPEG.")),
    (b"<svg", _("SVG is not taken, it can hold programs: save the drawing as PNG.")),
    (b"<?xml", _("SVG is not taken, it can hold programs: save the drawing as PNG.")),
    (b"%PDF", _("This is a PDF and not a picture: attach it to the text as a document.")),
    (b"<", _("This is a page of the web and not a picture.")),
)


def accept(upload: UploadedFile) -> Kept:
    """What is kept of a picture: an upright JPEG (or PNG) in sRGB without metadata, and what its
    metadata said. Raises Refusal with the sentence why it is not taken."""
    kind = _checked_kind(upload)
    with _alone, ExitStack() as opened:
        image, found = _opened(upload, kind, opened)
        form, image = _decoded(image, opened)
        file = room()
        try:
            _save(image, form, file)
        except BaseException:
            file.close()
            raise
    kept = Kept(file, _name(upload, form), f"image/{form.lower()}", file.tell())
    kept.seek(0)
    kept.told = found
    return kept


def _name(upload: UploadedFile, form: str) -> str:
    stem = PurePosixPath(upload.name or "").stem[:60] or "photo"
    return f"{stem}.{'jpg' if form == 'JPEG' else 'png'}"


def _checked_kind(upload: UploadedFile) -> str:
    """The form of a picture by its first bytes; refuse by these and by its name. A PNG called
    .jpg harms nobody once it is encoded anew."""
    head = beginning(upload)
    kind = _kind(head)
    if not kind:
        text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
        for start, sentence in _KNOWN:
            if text.startswith(start.lower()):
                raise Refusal(sentence)
        if head[4:8] == b"ftyp":
            raise Refusal(_("HEIC and films are not taken: save the picture as JPEG."))
        raise Refusal(_OTHER)
    if extension(upload.name or "") not in EXTENSIONS:
        raise Refusal(_("The name of a picture ends in .jpg, .png, .webp or .tif: this one’s does"
                        " not."))  # fmt: skip
    return kind


def _kind(head: bytes) -> str:
    """The form of a picture by its signature; "" for anything else."""
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    return "TIFF" if head[:4] in (b"II*\0", b"MM\0*") else ""


def _opened(upload: UploadedFile, kind: str, opened: ExitStack) -> tuple[Any, told.Told]:
    """The picture, of which only the head has been read yet: its form and dimensions are such
    that it may be decoded. And what it says of itself."""
    upload.seek(0)
    # Whoever sets PDFs in this process (WeasyPrint) has told Pillow to make do with half a picture.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        image = opened.enter_context(Image.open(upload.file, formats=[kind]))  # type: ignore[arg-type]
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise _too_many(None, settings.PHOTO_MAX_MEGAPIXELS) from bomb
    except Exception as problem:
        # Whatever a decoder stumbles over, the file is to blame.
        raise Refusal(_DAMAGED) from problem
    pixels = image.width * image.height
    most = settings.PHOTO_MAX_MEGAPIXELS * 4 / _cost(image, kind)
    if pixels > most * 1_000_000:
        raise _too_many(pixels, most, _is_progressive(image))
    if max(image.size) > _LONGEST:
        raise Refusal(_("One side of the picture is longer than %(most)d pixels."),
                      params={"most": _LONGEST})  # fmt: skip
    if image.format != "MPO" and _further(image):
        raise Refusal(_MOVING)
    return image, told.read(image)


def _is_progressive(image: Any) -> bool:
    return bool(image.info.get("progressive"))


def _cost(image: Any, kind: str) -> int:
    """The bytes that a pixel of this picture takes; see _COST."""
    cost = _CMYK if image.mode == "CMYK" else _COST[kind]
    if not _is_progressive(image):
        return cost
    samples = len(image.getbands())
    passes = _PASSES.get(JpegImagePlugin.get_sampling(image), 6) if samples == 3 else 2 * samples
    return cost + passes


def _too_many(pixels: int | None, most: float, progressive: bool = False) -> Refusal:
    if pixels is None:
        return Refusal(_("The picture has too many pixels; at most %(most)d megapixels are taken."),
                       params={"most": most})  # fmt: skip
    sentence = _("The picture has %(megapixels)d megapixels; at most %(most)d are taken of this"
                 " form: make it smaller.")  # fmt: skip
    if progressive:
        sentence = _(
            "The picture has %(megapixels)d megapixels; at most %(most)d are taken of a progressive"
            " JPEG: save it as a baseline JPEG, or make it smaller."
        )
    return Refusal(
        sentence, params={"megapixels": max(pixels // 1_000_000, int(most) + 1), "most": most}
    )


def _further(image: Any) -> bool:
    """Whether there is a picture after the first. (Counting them all would read them all.)"""
    if image.format != "TIFF":
        return bool(getattr(image, "n_frames", 1) > 1)
    try:
        image.seek(1)
    except EOFError:
        return False
    except Exception as problem:
        raise Refusal(_DAMAGED) from problem
    return True


def _decoded(image: Any, opened: ExitStack) -> tuple[str, Any]:
    """The upright picture in sRGB, without anything beside its pixels, and the form to save it
    in. Raises Refusal where the data do not make a picture."""
    try:
        sampling = JpegImagePlugin.get_sampling(image) if image.format in ("JPEG", "MPO") else 0
        orientation = image.getexif().get(_ORIENTATION, 1)
        image.load()
    except Exception as problem:
        raise Refusal(_DAMAGED) from problem
    transparent = image.has_transparency_data and not _opaque(image)
    small = image.width * image.height
    if transparent and small > _TRANSPARENT:
        raise Refusal(_("A transparent picture may have %(most)d megapixels: make it smaller."),
                      params={"most": _TRANSPARENT // 1_000_000})  # fmt: skip
    png = transparent or (image.format == "PNG" and small <= _DRAWING)
    change, mode = _to_srgb(image, transparent)
    if change is not None or orientation in _TURNS:
        image = opened.enter_context(_remade(image, change, mode, orientation))
    image.info = {} if png or sampling not in (0, 1, 2) else {"sampling": sampling}
    return ("PNG" if png else "JPEG"), image


def _opaque(image: Any) -> bool:
    """Whether an alpha channel hides nothing."""
    return image.mode in ("RGBA", "LA") and image.getchannel("A").getextrema() == (255, 255)


def _to_srgb(image: Any, transparent: bool) -> tuple[Callable[[Any], Any] | None, str]:
    """How a part of the picture becomes sRGB with eight bits, None where it is that already, and
    the mode it has then."""
    grey = image.mode in ("1", "L", "LA", "La") or image.mode.startswith("I;16")
    if image.mode in ("F", "I", "LAB", "HSV") or (transparent and image.mode.startswith("I;16")):
        raise Refusal(_STRANGE)
    mode = ("LA" if transparent else "L") if grey else ("RGBA" if transparent else "RGB")
    if image.mode.startswith("I;16"):
        table = [value >> 8 for value in range(65_536)]
        return (lambda part: part.convert("I").point(table, "L")), mode
    profile = image.info.get("icc_profile")
    keyed = transparent and image.mode == "RGB"  # one colour stands for "nothing here"
    if profile and image.mode in ("RGB", "RGBA", "CMYK") and not keyed:
        transform = _transform(profile, image.mode, "RGBA" if image.mode == "RGBA" else "RGB")
        if transform is not None:
            return (lambda part: transform.apply(part).convert(mode)), mode
    if image.mode == mode:
        return None, mode
    transparency = image.info.get("transparency")

    def convert(part: Any) -> Any:
        if transparency is not None and "A" not in part.mode:
            part.info["transparency"] = transparency
        return part.convert(mode)

    return convert, mode


def _transform(profile: bytes, mode: str, target: str) -> Any:
    """The way from a picture's own colours to sRGB; None where they are sRGB, or where the
    profile is damaged or another kind of picture's: then the plain numbers are as good a guess."""
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if mode != "CMYK" and "srgb" in ImageCms.getProfileDescription(own).lower():
            return None
        return ImageCms.buildTransform(own, ImageCms.createProfile("sRGB"), mode, target)
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        return None


def _remade(
    image: Any, change: Callable[[Any], Any] | None, mode: str, orientation: int
) -> Any:  # fmt: skip
    """The picture converted and turned, strip by strip through a file: two whole pictures of 50
    megapixels would need 400 MB."""
    (width, height), format_ = image.size, image.format
    turn = _TURNS.get(orientation)
    rows = max(1, _STRIP // width)
    tops = range(0, height, rows)
    with room() as spool:
        for top in tops:
            part = image.crop((0, top, width, min(top + rows, height)))
            spool.write((change(part) if change else part).tobytes())
        image.close()  # lets go of its pixels
        spool.seek(0)
        made: Any = Image.new(mode, (height, width) if orientation > 4 else (width, height))
        for top in tops:
            bottom = min(top + rows, height)
            data = spool.read(width * (bottom - top) * len(made.getbands()))
            part = Image.frombytes(mode, (width, bottom - top), data)
            place = height - bottom if orientation in (3, 4, 6, 7) else top
            made.paste(part.transpose(turn) if turn is not None else part,
                       (place, 0) if orientation > 4 else (0, place))  # fmt: skip
    made.format = format_
    return made


def _save(image: Any, form: str, file: Any) -> None:
    """Encode the pixels and nothing else."""
    if form == "PNG":
        image.save(file, "PNG", compress_level=3)
        return
    # Colour as fine as it came: what a camera has halved, nothing brings back.
    sampling = image.info.get("sampling", 0)
    image.save(file, "JPEG", quality=_QUALITY, subsampling=sampling, comment=b"")
