"""What may be uploaded and what is kept of it: pictures and documents, and what they tell."""

import datetime as dt
import io
import os
import re
import subprocess
import sys
import zipfile
from contextlib import contextmanager
from pathlib import Path

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from PIL import Image, ImageCms, ImageFile, ImageOps

from events.files import DocumentField, PhotoField, inscription, offer, renditions
from events.files.kept import shown_name
from events.files.photos import EXTENSIONS
from events.files.told import read as read_back
from events.models import Person, Photo

from . import uploads
from .uploads import encoded, halves, iptc, package, pdf, picture, png_bomb, upload, with_everything

ROOT = Path(__file__).parent.parent
RTL = "\u202e"


@pytest.fixture(autouse=True)
def _closed():
    yield
    uploads.close_all()


def take_photo(data, name="photo.jpg"):
    return PhotoField().clean(upload(data, name))


def take(data, name):
    return DocumentField().clean(upload(data, name))


def opened(kept):
    kept.seek(0)
    image = Image.open(io.BytesIO(kept.read()))
    image.load()
    return image


def refusal(call, *args):
    with pytest.raises(ValidationError) as refused:
        call(*args)
    assert len(refused.value.messages) == 1
    return refused.value.messages[0]


# --- Pictures ------------------------------------------------------------------------------------


UNSOUND = "The picture is damaged or incomplete: it could not be opened."


def animated(form):
    return encoded(picture(), form, save_all=True, append_images=[picture(colour="blue")])


HOSTILE_PICTURES = {
    "zero bytes": (b"", "photo.jpg", "The submitted file is empty."),
    "SVG": (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "a.svg",
            "SVG is not taken, it can hold programs: save the drawing as PNG."),
    "SVG named .png": (b"\xef\xbb\xbf \n<?xml version='1.0'?><svg/>", "a.png",
                       "SVG is not taken, it can hold programs: save the drawing as PNG."),
    "HTML named .jpg": (b"<!doctype html><script>alert(1)</script>", "photo.jpg",
                        "This is a page of the web and not a picture."),
    "GIF": (encoded(picture(), "GIF"), "photo.gif",
            "GIF is not taken: save the picture as PNG or JPEG."),
    "moving GIF named .jpg": (animated("GIF"), "photo.jpg",
                              "GIF is not taken: save the picture as PNG or JPEG."),
    "GIF and JavaScript": (b"GIF89a/*" + b"\0" * 20 + b"*/=alert(1)", "photo.jpg",
                           "GIF is not taken: save the picture as PNG or JPEG."),
    "PDF": (b"%PDF-1.7", "photo.jpg",
            "This is a PDF and not a picture: attach it to the text as a document."),
    "HEIC": (b"\0\0\0\x18ftypheic", "photo.heic",
             "HEIC and films are not taken: save the picture as JPEG."),
    "BMP": (encoded(picture(), "BMP"), "photo.bmp",
            "This is not a picture of a kind that is taken: JPEG, PNG, WebP or TIFF."),
    "JPEG named .html": (encoded(picture()), "photo.html",
                         "The name of a picture ends in .jpg, .png, .webp or .tif: this one’s does"
                         " not."),
    "JPEG named .jpg.exe": (encoded(picture()), "photo.jpg.exe",
                            "The name of a picture ends in .jpg, .png, .webp or .tif: this one’s"
                            " does not."),
    "JPEG without extension": (encoded(picture()), "photo",
                               "The name of a picture ends in .jpg, .png, .webp or .tif: this one’s"
                               " does not."),
    "truncated JPEG": (encoded(halves((640, 480)))[:-400], "photo.jpg",
                       UNSOUND),
    "head of a JPEG": (encoded(picture())[:30], "photo.jpg",
                       UNSOUND),
    "truncated PNG": (encoded(picture(), "PNG")[:60], "photo.png",
                      UNSOUND),
    "nonsense behind a signature": (b"\xff\xd8\xff" + b"nonsense" * 99, "photo.jpg",
                                    UNSOUND),
    "pixel bomb": (png_bomb(60_000), "photo.png",
                   "The picture has too many pixels; at most 50 megapixels are taken."),
    "60 megapixels": (png_bomb(7_746), "photo.png",
                      "The picture has 60 megapixels; at most 50 are taken of this form: make it"
                      " smaller."),
    "progressive JPEG of 21 megapixels": (
        encoded(Image.new("RGB", (7000, 3000)), progressive=True, subsampling=0), "a.jpg",
        "The picture has 21 megapixels; at most 20 are taken of a progressive JPEG: save it as a"
        " baseline JPEG, or make it smaller."),
    "WebP of 15 megapixels": (encoded(Image.new("RGB", (5000, 3000)), "WEBP", method=0), "a.webp",
                              "The picture has 15 megapixels; at most 12 are taken of this form:"
                              " make it smaller."),
    "a ribbon": (encoded(Image.new("L", (30_001, 1)), "PNG"), "photo.png",
                 "One side of the picture is longer than 30000 pixels."),
    "moving WebP": (animated("WEBP"), "photo.webp",
                    "The file holds several pictures or a moving one: save the one that is meant"
                    " alone."),
    "moving PNG": (animated("PNG"), "photo.png",
                   "The file holds several pictures or a moving one: save the one that is meant"
                   " alone."),
    "TIFF of two pages": (animated("TIFF"), "photo.tif",
                          "The file holds several pictures or a moving one: save the one that is"
                          " meant alone."),
    "TIFF of floating numbers": (encoded(Image.new("F", (9, 9)), "TIFF"), "photo.tif",
                                 "The colours of the picture are of a kind that no browser shows:"
                                 " save it in RGB."),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE_PICTURES)
def test_hostile_picture_is_refused_with_one_plain_sentence(case, monkeypatch):
    # As it stands in a process that has set a PDF.
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    data, name, sentence = HOSTILE_PICTURES[case]
    assert refusal(take_photo, data, name) == sentence


def test_limits_are_settings(settings):
    settings.PHOTO_MAX_MEGAPIXELS = 1
    sentence = refusal(take_photo, encoded(Image.new("L", (1001, 1000))), "photo.jpg")
    assert sentence == (
        "The picture has 2 megapixels; at most 1 are taken of this form: make it smaller."
    )
    settings.UPLOAD_MAX_MEGABYTES = 0
    sentence = "The file is larger than 0 MB: make it smaller, or send it in parts."
    assert refusal(take_photo, encoded(picture()), "photo.jpg") == sentence
    assert refusal(take, b"Text", "text.txt") == sentence


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("a" * 250 + ".jpg", "a" * 60),
        (f"{RTL}gpj.exe.jpg", f"{RTL}gpj.exe"),
        ("صورة.JPEG", "صورة"),
        ("../../etc/passwd.jpg", "passwd"),
        (".jpg.jpg", ".jpg"),
    ],
)  # fmt: skip
def test_absurd_name_of_a_sound_picture_is_no_reason_to_refuse_it(name, stem):
    assert take_photo(encoded(picture()), name).name == f"{stem}.jpg"


def test_name_in_a_sentence_turns_no_text_and_ends():
    assert shown_name(f"photo{RTL}gpj\x00\n.exe") == "photogpj.exe"
    long = shown_name("я" * 200 + ".jpg")
    assert (len(long), long[-6:]) == (61, "яя.jpg")


def test_jpeg_is_encoded_anew_without_anything_that_it_told():
    data = with_everything()
    for told in (b"SecretOwner", b"A secret comment", b"Behind the picture", b"A. Photographer"):
        assert told in data
    assert Image.open(io.BytesIO(data)).getexif().get_ifd(0x8825)[2] == (43.0, 14.0, 0.0)
    kept = take_photo(data)
    image = opened(kept)
    kept.seek(0)
    safe = kept.read()
    for told in (b"Secret", b"secret", b"Behind", b"Photographer", b"Artist", b"Holder", b"caption",
                 b"Exif", b"http", b"Photoshop", b"PK\x03\x04"):  # fmt: skip
        assert told not in safe
    assert dict(image.getexif()) == {}
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert (image.format, image.size, safe[-2:]) == ("JPEG", (64, 32), b"\xff\xd9")


STATUS = "/proc/self/status"  # where Linux says how much memory a process has had at most
PEAK = (
    f"STATUS = {STATUS!r}"
    + r"""
import re, sys
from pathlib import Path
import django
django.setup()
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from events.files import renditions
from events.files.fields import take_photo
from events.models import Photo
with open("large.jpg", "rb") as file:
    kept = take_photo(SimpleUploadedFile("large.jpg", file.read()))
width, height = map(int, sys.argv[1:])
photo = Photo(image=default_storage.save("large.jpg", kept), width=width, height=height)
assert len(renditions.missing(photo)) == 12
renditions._make(photo, renditions.missing(photo))
print(re.search(r"VmHWM:\s+(\d+)", Path(STATUS).read_text())[1])
"""
)


@pytest.mark.skipif(not Path(STATUS).exists(), reason="only Linux says it")
@pytest.mark.parametrize(
    ("size", "how"),
    [((8660, 5773), {}), ((5160, 3870), {"progressive": True, "subsampling": 0})],
    ids=["50 megapixels", "20 megapixels, progressive"],
)
def test_largest_picture_needs_less_than_300_megabytes(tmp_path, size, how):
    large = Image.linear_gradient("L").resize((516, 387)).convert("RGB").resize(size)
    large.save(tmp_path / "large.jpg", **how)
    there = {"VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "pressoffice.settings",
             "PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}  # fmt: skip
    command = [sys.executable, "-c", PEAK, *map(str, size)]
    run = subprocess.run(
        command, cwd=tmp_path, env=there, capture_output=True, text=True, check=True
    )
    assert 100_000 < int(run.stdout) < 300_000  # kB


def test_same_upload_makes_the_same_bytes():
    one, two = (take_photo(with_everything()).read() for _time in range(2))
    assert one == two


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("strip", [7 * 40, 10**6])
def test_picture_is_turned_upright(orientation, strip, monkeypatch):
    monkeypatch.setattr("events.files.photos._STRIP", strip)  # several strips, and one
    exif = Image.Exif()
    exif[0x0112] = orientation
    noise = Image.effect_noise((40, 30), 90).convert("RGB")
    data = encoded(noise, "PNG", exif=exif)
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    image = opened(take_photo(data, "photo.png"))
    assert (image.size, image.tobytes()) == (upright.size, upright.tobytes())
    assert 0x0112 not in image.getexif()


def linear():
    """A profile whose greys are much lighter in sRGB: numbers proportional to light."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    curve = b"curv\0\0\0\0\0\0\0\0"  # ICC.1:2022, 10.6: no entries, an identity
    for tag in (b"rTRC", b"gTRC", b"bTRC"):
        place = profile.index(tag) + 4
        start = int.from_bytes(profile[place : place + 4], "big")
        profile[start : start + 12] = curve
        profile[place + 4 : place + 8] = (12).to_bytes(4, "big")
    return bytes(profile).replace(b"s\0R\0G\0B", b"x\0x\0x\0x")


def test_colours_become_srgb_and_carry_no_profile():
    grey = Image.new("RGB", (40, 30), (64, 64, 64))
    image = opened(take_photo(encoded(grey, icc_profile=linear(), quality=100)))
    assert "icc_profile" not in image.info
    # sRGB of 64/255 of the light: IEC 61966-2-1, 5.2.
    assert abs(image.getpixel((9, 9))[0] - 137) <= 2
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = opened(take_photo(encoded(grey, icc_profile=srgb, quality=100)))
    assert ("icc_profile" in image.info, image.getpixel((9, 9))) == (False, (64, 64, 64))


@pytest.mark.parametrize("profile", [b"nonsense", linear()[:200]])
def test_damaged_profile_is_as_none(profile):
    grey = Image.new("RGB", (40, 30), (64, 64, 64))
    image = opened(take_photo(encoded(grey, icc_profile=profile, quality=100)))
    assert image.getpixel((9, 9)) == (64, 64, 64)


def sixteen_bits():
    return encoded(Image.new("I;16", (40, 30), 0x8000), "TIFF")


@pytest.mark.parametrize(
    ("data", "name", "form", "mode", "colour"),
    [
        (encoded(Image.new("CMYK", (40, 30), (0, 255, 255, 0))), "a.jpg", "JPEG", "RGB",
         (254, 0, 0)),
        (encoded(Image.new("CMYK", (40, 30), (0, 255, 255, 0)), "TIFF"), "a.tif", "JPEG", "RGB",
         (254, 0, 0)),
        (sixteen_bits(), "a.tiff", "JPEG", "L", 128),
        (encoded(Image.new("I;16", (40, 30), 0x8000), "PNG"), "a.png", "PNG", "L", 128),
        (encoded(Image.new("1", (40, 30), 1), "PNG"), "a.png", "PNG", "L", 255),
        (encoded(Image.new("RGB", (40, 30), (9, 8, 7)).quantize(4), "PNG"), "a.png", "PNG", "RGB",
         (9, 8, 7)),
        (encoded(Image.new("RGB", (40, 30), (9, 8, 7)), "WEBP", lossless=True), "a.webp", "JPEG",
         "RGB", (9, 8, 7)),
        (encoded(Image.new("RGBA", (40, 30), (9, 8, 7, 99)), "WEBP", lossless=True), "a.webp",
         "PNG", "RGBA", (9, 8, 7, 99)),
        (encoded(Image.new("RGBA", (40, 30), (9, 8, 7, 99)), "PNG"), "a.png", "PNG", "RGBA",
         (9, 8, 7, 99)),
        (encoded(Image.new("RGBA", (40, 30), (9, 8, 7, 255)), "PNG"), "a.png", "PNG", "RGB",
         (9, 8, 7)),
        (encoded(Image.new("LA", (40, 30), (9, 99)), "PNG"), "a.png", "PNG", "LA", (9, 99)),
        (encoded(Image.new("RGB", (40, 30), (9, 8, 7)), "PNG", transparency=(9, 8, 7)), "a.png",
         "PNG", "RGBA", (9, 8, 7, 0)),
        (encoded(Image.new("RGB", (40, 30), (9, 8, 7)), "TIFF", compression="tiff_lzw"), "a.tif",
         "JPEG", "RGB", (9, 8, 7)),
        (encoded(Image.new("RGB", (2001, 2000), (9, 8, 7)), "PNG"), "a.png", "JPEG", "RGB",
         (9, 8, 7)),
        (encoded(Image.new("RGB", (40, 30), (9, 8, 7)), "PNG"), "called.jpg", "PNG", "RGB",
         (9, 8, 7)),
    ],
    ids=["CMYK JPEG", "CMYK TIFF", "16-bit TIFF", "16-bit PNG", "one bit", "palette", "WebP",
         "transparent WebP", "transparent PNG", "opaque alpha", "grey alpha", "one colour for none",
         "LZW TIFF", "large PNG", "PNG named .jpg"],
)  # fmt: skip
def test_other_kinds_of_picture_become_eight_bits_that_browsers_show(
    data, name, form, mode, colour
):
    kept = take_photo(data, name)
    image = opened(kept)
    shown = image.getpixel((20, 15))
    pairs = zip(shown, colour, strict=True) if isinstance(colour, tuple) else [(shown, colour)]
    assert (image.format, image.mode) == (form, mode)
    assert all(abs(one - other) <= 2 for one, other in pairs), shown
    assert kept.name.rpartition(".")[2] in EXTENSIONS


def test_several_pictures_of_a_camera_are_the_first_alone():
    both = encoded(halves(), "MPO", save_all=True, append_images=[picture((64, 32), "blue")])
    assert Image.open(io.BytesIO(both)).n_frames == 2
    kept = take_photo(both)
    image = opened(kept)
    assert (image.format, image.getpixel((9, 9)), image.getpixel((60, 9))) == (
        "JPEG", (0, 0, 0), (255, 255, 255),
    )  # fmt: skip


# --- What pictures tell --------------------------------------------------------------------------


def test_xmp_is_read_before_it_is_stripped():
    told = take_photo(with_everything()).told
    assert told.captions == {"en": "A session", "ru": "Заседание"}
    assert told.credit == "A. Photographer / An Agency"
    assert (told.taken_on, told.people) == (dt.date(2007, 10, 6), ("A Person", "A Stranger"))


def test_exif_is_read_where_there_is_nothing_better():
    exif = Image.Exif()
    exif[0x010E], exif[0x013B] = "Мәжіліс".encode(), "An Artist"
    exif.get_ifd(0x8769)[0x9003] = "2007:10:06 12:00:00"
    told = take_photo(encoded(halves(), exif=exif)).told
    assert (told.captions, told.credit, told.taken_on) == (
        {"kk": "Мәжіліс"}, "An Artist", dt.date(2007, 10, 6),
    )  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251"])
def test_iptc_is_read_in_the_alphabets_that_programs_write(encoding):
    told = take_photo(iptc(
        n120="Заседание в Душанбе".encode(encoding), n80=b"An Artist", n110=b"An Agency",
        n55=b"20071006",
    )).told  # fmt: skip
    assert told.captions == {"ru": "Заседание в Душанбе"}
    assert (told.credit, told.taken_on) == ("An Artist / An Agency", dt.date(2007, 10, 6))


@pytest.mark.parametrize(
    "exif",
    [{0x010E: "OLYMPUS DIGITAL CAMERA"}, {0x010E: "   "}, {0x013B: "\x00\x00"}],
)  # fmt: skip
def test_what_a_camera_writes_by_itself_is_not_offered(exif):
    found = Image.Exif()
    found.update(exif)
    found.get_ifd(0x8769)[0x9003] = "0000:00:00 00:00:00"
    told = take_photo(encoded(halves(), exif=found)).told
    assert (told.captions, told.credit, told.taken_on) == ({}, "", None)


@pytest.mark.parametrize(
    "packet",
    ["<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "<x", "\x00", "<x:xmpmeta xmlns:x='y'/>"],
)
def test_hostile_description_of_a_sound_picture_is_no_reason_to_refuse_it(packet):
    told = take_photo(encoded(halves(), xmp=packet.encode())).told
    assert (told.captions, told.people) == ({}, ())


@pytest.mark.django_db
def test_people_are_offered_by_name_where_there_is_one_of_that_name(person):
    told = take_photo(with_everything()).told
    offered = offer(told)
    assert (offered.people, offered.strangers) == ([person], ["A Stranger"])
    Person.objects.create(slug="another", name_ru="a person")
    offered = offer(told)
    assert (offered.people, offered.strangers) == ([], ["A Person", "A Stranger"])


# --- Renditions ----------------------------------------------------------------------------------


@pytest.fixture
def own_media(settings, tmp_path):
    """Storage that holds what this test has stored."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def wide(db, own_media):
    """A photo of 1000 × 500 in the library, straight past the verbs."""
    kept = take_photo(encoded(halves((1000, 500))))
    photo = Photo(alt_en="Halves")
    photo.image.save(kept.name, kept)
    return photo


@contextmanager
def opened_rendition(photo, width, form):
    name = renditions.name(photo, width, form)
    with photo.image.storage.open(name) as file, Image.open(file) as image:
        yield image


def test_renditions_are_smaller_sound_and_of_the_whole_picture(wide):
    assert renditions.make(wide) == 10
    for width in (320, 480, 640, 960, 1000):
        for form, called in (("webp", "WEBP"), ("jpg", "JPEG")):
            with opened_rendition(wide, width, form) as image:
                assert (image.format, image.size) == (called, (width, width // 2))
                assert max(image.getpixel((9, 9))) < 40
                assert min(image.getpixel((width - 9, 9))) > 215
    assert renditions.make(wide) == 0


def test_command_makes_what_a_crash_left_out(wide, capsys):
    renditions.make(wide)
    storage = wide.image.storage
    lost = renditions.name(wide, 640, "webp")
    storage.delete(lost)
    assert renditions.missing(wide) == [(640, "webp")]
    call_command("make_renditions", "--missing")
    assert (renditions.missing(wide), capsys.readouterr().out) == ([], "Made 1 renditions.\n")
    call_command("make_renditions")
    assert capsys.readouterr().out == "Made 10 renditions.\n"


def test_transparent_picture_has_a_white_ground_where_there_is_no_transparency(db, own_media):
    kept = take_photo(encoded(Image.new("RGBA", (400, 400), (0, 0, 0, 0)), "PNG"), "a.png")
    photo = Photo()
    photo.image.save(kept.name, kept)
    renditions.make(photo)
    with opened_rendition(photo, 320, "jpg") as image:
        assert image.getpixel((9, 9)) == (255, 255, 255)
    with opened_rendition(photo, 320, "webp") as image:
        assert image.getpixel((9, 9))[3] == 0


# --- Documents -----------------------------------------------------------------------------------


def scripted(document):
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    document.Root.OpenAction = document.make_indirect(script)
    document.Root.AA = pikepdf.Dictionary(WC=script)
    document.Root.Names = pikepdf.Dictionary(
        JavaScript=pikepdf.Dictionary(Names=[pikepdf.String("a"), script])
    )
    document.attachments["secret.txt"] = b"A file inside"
    page = document.pages[0]
    launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("calc.exe"))
    link = pikepdf.Dictionary(
        S=pikepdf.Name.URI, URI=pikepdf.String("https://example.org/"), Next=launch
    )
    page.Annots = pikepdf.Array([
        document.make_indirect(pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=link)),
        pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9],
                           A=launch),
        pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FileAttachment,
                           Rect=[0, 0, 9, 9]),
    ])  # fmt: skip
    page.AA = pikepdf.Dictionary(O=script)
    document.docinfo["/Author"] = "Secret Author"
    with document.open_metadata() as metadata:
        metadata["dc:creator"] = ["Secret Author"]


def signed(document):
    document.Root.AcroForm = pikepdf.Dictionary(
        SigFlags=3,
        Fields=[document.make_indirect(pikepdf.Dictionary(
            FT=pikepdf.Name.Sig, T=pikepdf.String("signature"),
            V=document.make_indirect(pikepdf.Dictionary(
                Type=pikepdf.Name.Sig, ByteRange=[0, 1, 2, 3], Contents=pikepdf.String("00")))))],
    )  # fmt: skip
    document.docinfo["/Author"] = "Secret Author"


def everything_in(data):
    """Every object of a PDF as text, streams unpacked."""
    with pikepdf.open(io.BytesIO(data)) as document:
        texts = [each.unparse(resolved=True) for each in document.objects]
        texts += [each.read_bytes() for each in document.objects
                  if isinstance(each, pikepdf.Stream)]  # fmt: skip
        return b"\n".join([*texts, document.trailer.unparse()])


ACTIVE = (b"JavaScript", b"alert", b"Launch", b"calc.exe", b"EmbeddedFile", b"A file inside",
          b"FileAttachment", b"OpenAction", b"/AA", b"Secret Author", b"/Metadata")  # fmt: skip


def test_pdf_is_kept_without_programs_files_and_metadata():
    data = pdf(3, scripted)
    before = everything_in(data)
    assert [each for each in ACTIVE if each not in before] == []
    kept = take(data, "document.pdf")
    kept.seek(0)
    after = everything_in(kept.read())
    assert [each for each in ACTIVE if each in after] == []
    assert b"https://example.org/" in after
    assert (kept.pages, kept.notes, kept.content_type) == (3, (), "application/pdf")


def test_same_pdf_makes_the_same_bytes():
    data = pdf(2, scripted)
    assert take(data, "a.pdf").read() == take(data, "b.pdf").read()


def test_signed_pdf_is_left_as_it_is_and_the_editor_is_told():
    data = pdf(1, signed)
    kept = take(data, "document.pdf")
    kept.seek(0)
    assert kept.read() == data
    assert kept.pages == 1
    assert [str(note) for note in kept.notes] == [
        "The PDF is signed and was left as it is, with its metadata: see whether it tells more"
        " than readers should know."
    ]


def encrypted(password):
    return pdf(1, encryption=pikepdf.Encryption(owner="owner", user=password))


def signed_and_scripted(document):
    scripted(document)
    signed(document)


def bomb(form="docx"):
    return package(form, word__media__image1="0" * 50_000_000)


DAMAGED_PDF = "The PDF is damaged: it could not be read."
ENCRYPTED = "The PDF is encrypted: save it without a password or restrictions."
PASSWORD = "The document has a password: save it without one."
MACROS = "The document holds macros: save it without them."
UNDECIDED = ("The document holds comments or tracked changes, which readers would see: decide on"
             " them, then save it again.")  # fmt: skip
DAMAGED = "The document is damaged: it could not be read."
BOMB = "The document unpacks to more than can be opened safely."
KINDS = "A document of this kind is not taken. These are: PDF, DOCX, XLSX, ODT, TXT, CSV."


def not_a(kind):
    return f"This is not a document in {kind}, whatever its name says."


def flagged_encrypted():
    data = bytearray(package("docx"))
    for place in re.finditer(b"PK\x01\x02", bytes(data)):
        data[place.start() + 8] |= 1
    return bytes(data)


# As long as one piece of those in which members are read, less half a tag.
FILLED = "".join(str(number) for number in range(200_000))[:999_997]


def spoilt():
    data = bytearray(package("docx"))
    data[data.index(b"word/document.xml") + 20] ^= 0xFF
    return bytes(data)


def twice():
    made = io.BytesIO(package("docx"))
    with zipfile.ZipFile(made, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("word/document.xml", "<w:document>Others</w:document>")
    return made.getvalue()


HOSTILE_DOCUMENTS = {
    "zero bytes": (lambda: b"", "a.pdf", "The submitted file is empty."),
    "no extension": (lambda: b"Text", "text", KINDS),
    "HTML": (lambda: b"<script>", "a.html", KINDS),
    "a program": (lambda: b"MZ", "a.pdf.exe", KINDS),
    "ZIP": (lambda: package("docx"), "a.zip", KINDS),
    "old office": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "a.docx",
                   "The document has a password or is of an old form: save it as DOCX, XLSX or PDF"
                   " without a password."),
    "HTML named .pdf": (lambda: b"<!doctype html>", "a.pdf",
                        "This is not a PDF, whatever its name says."),
    "PDF behind something": (lambda: b"PK" + pdf(), "a.pdf",
                             "This is not a PDF, whatever its name says."),
    "half a PDF": (lambda: b"%PDF-1.7\n" + b"x" * 999, "a.pdf", DAMAGED_PDF),
    "PDF without pages": (lambda: pdf(0), "a.pdf", "The PDF has no pages."),
    "encrypted PDF": (lambda: encrypted("secret"), "a.pdf", ENCRYPTED),
    "restricted PDF": (lambda: encrypted(""), "a.pdf", ENCRYPTED),
    "signed PDF with programs": (lambda: pdf(1, signed_and_scripted), "a.pdf",
                                 "The PDF is signed, and holds programs or files: have it signed"
                                 " without them."),
    "signed PDF with a ZIP behind": (lambda: pdf(1, signed) + package("docx"), "a.pdf",
                                     "The PDF is signed, and holds programs or files: have it"
                                     " signed without them."),
    "picture named .docx": (lambda: encoded(picture()), "a.docx", not_a("DOCX")),
    "XLSX named .docx": (lambda: package("xlsx"), "a.docx", not_a("DOCX")),
    "ODT named .xlsx": (lambda: package("odt"), "a.xlsx", not_a("XLSX")),
    "DOCX named .odt": (lambda: package("docx"), "a.odt", not_a("ODT")),
    "another OpenDocument": (
        lambda: package("odt", mimetype="application/vnd.oasis.opendocument.chart"), "a.odt",
        not_a("ODT")),
    "DOCX with macros": (lambda: package("docx", word__vbaProject_bin="x", **{
        "word/vbaProject.bin": "x"}), "a.docx", MACROS),
    "DOCX of a macro kind": (lambda: package("docx", **{
        "[Content_Types].xml": "application/vnd.ms-word.document.macroEnabled.main+xml"}),
        "a.docx", MACROS),
    "ODT with macros": (lambda: package("odt", **{"Basic/Standard/Module1.xml": "x"}), "a.odt",
                        MACROS),
    "encrypted DOCX": (flagged_encrypted, "a.docx", PASSWORD),
    "encrypted ODT": (lambda: package("odt", **{
        "META-INF/manifest.xml": "<manifest:encryption-data/>"}), "a.odt", PASSWORD),
    "comments": (lambda: package("docx", **{"word/comments.xml": "Between us"}), "a.docx",
                 UNDECIDED),
    "tracked changes": (lambda: package("docx", **{
        "word/document.xml": "<w:document><w:del w:author='x'>Secret</w:del></w:document>"}),
        "a.docx", UNDECIDED),
    "tracked changes across pieces": (lambda: package("docx", **{
        "word/document.xml": FILLED + "<w:ins w:author='x'>"}),
        "a.docx", UNDECIDED),
    "annotations": (lambda: package("odt", **{
        "content.xml": "<office:annotation office:name='x'>"}), "a.odt", UNDECIDED),
    "a template from elsewhere": (lambda: package("docx", **{
        "word/_rels/settings.xml.rels": '<Relationship Type="http://x/attachedTemplate"'
                                        ' Target="https://evil.example/t.dotm"/>'}), "a.docx",
        "The document fetches its template from elsewhere when it is opened: save it with another"
        " template."),
    "zip bomb": (bomb, "a.docx", BOMB),
    "many members": (lambda: package("docx", **{f"word/{n}": "" for n in range(5_001)}), "a.docx",
                     BOMB),
    "a member that leads out": (lambda: package("docx", **{"../../evil": "x"}), "a.docx", DAMAGED),
    "a member that stands twice": (twice, "a.docx", DAMAGED),
    "truncated DOCX": (lambda: package("docx")[:-40], "a.docx", DAMAGED),
    "spoilt DOCX": (spoilt, "a.docx", DAMAGED),
    "Windows text": (lambda: "Текст".encode("cp1251"), "a.txt",
                     "The text is not in UTF-8: save it again with that encoding."),
    "half a letter": (lambda: "Текст".encode()[:-1], "a.csv",
                      "The text is not in UTF-8: save it again with that encoding."),
    "a program named .txt": (lambda: b"ELF\0", "a.txt",
                             "This is not plain text, whatever its name says."),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE_DOCUMENTS)
def test_hostile_document_is_refused_with_one_plain_sentence(case):
    make, name, sentence = HOSTILE_DOCUMENTS[case]
    assert refusal(take, make(), name) == sentence


def members(kept):
    kept.seek(0)
    with zipfile.ZipFile(io.BytesIO(kept.read())) as archive:
        assert archive.testzip() is None
        return {each.filename: archive.read(each) for each in archive.infolist()}


@pytest.mark.parametrize("form", ["docx", "xlsx", "odt"])
def test_document_is_kept_without_what_it_tells_of_its_authors(form):
    data = package(form)
    kept = take(data, f"{RTL}name.{form}")
    found = members(kept)
    assert b"Secret" not in b"".join(found.values())
    with zipfile.ZipFile(io.BytesIO(data)) as original:
        assert found.keys() == set(original.namelist())
        emptied = {"docProps/core.xml", "docProps/app.xml", "meta.xml"}
        assert {name: found[name] for name in found.keys() - emptied} == {
            name: original.read(name) for name in set(original.namelist()) - emptied
        }
    assert kept.name == f"{RTL}name.{form}"
    kept.seek(0)
    assert kept.read() == take(data, f"other.{form}").read()


def test_opendocument_begins_with_its_unpacked_kind():
    kept = take(package("odt"), "a.odt")
    kept.seek(0)
    assert kept.read()[30:69] == b"mimetypeapplication/vnd.oasis.opendocum"


def test_signed_document_is_left_as_it_is_and_the_editor_is_told():
    data = package("docx", **{"_xmlsignatures/sig1.xml": "<Signature/>"})
    kept = take(data, "a.docx")
    kept.seek(0)
    assert (kept.read(), len(kept.notes)) == (data, 1)


@pytest.mark.parametrize("name", ["a.txt", "a.csv"])
def test_text_is_kept_byte_for_byte(name):
    data = "﻿Мәтін;1\r\n=2+2;<script>".encode()
    assert take(data, name).read() == data


def test_zip_is_taken_where_the_office_allows_it(settings):
    settings.ALLOW_ZIP_ATTACHMENTS = True
    data = package("docx")
    assert take(data, "a.zip").read() == data
    assert refusal(take, bomb(), "a.zip") == BOMB
    assert refusal(take, b"PK\x03\x04", "a.zip") == DAMAGED


def test_field_offers_to_choose_what_is_taken():
    assert 'accept=".pdf,.docx,.xlsx,.odt,.txt,.csv"' in str(
        DocumentField().widget.__class__(DocumentField().widget.attrs).render("a", None)
    )


# --- What a public original says of itself -------------------------------------------------------

FACTS = inscription.Facts(
    {"ru": "Подпись <&>", "en": "A caption"}, "A. Photographer", dt.date(2007, 10, 6),
    ("A Person",), "The office", "https://press.example/en/events/an-event/",
)  # fmt: skip


@pytest.mark.parametrize(("form", "mode"), [("JPEG", "RGB"), ("PNG", "RGBA")])
def test_inscribed_original_shows_the_same_picture_and_tells_what_is_known(form, mode):
    kept = take_photo(
        encoded(Image.new(mode, (40, 30), (9, 8, 7, 99)[: len(mode)]), "PNG"), "a.png"
    )
    plain = kept.read() if form == "PNG" else take_photo(encoded(halves())).read()
    place, more = inscription.insertion(plain[:64], FACTS)
    inscribed = Image.open(io.BytesIO(plain[:place] + more + plain[place:]))
    inscribed.load()
    assert inscribed.format == form
    assert inscribed.tobytes() == Image.open(io.BytesIO(plain)).tobytes()
    told = read_back(inscribed)
    assert told.captions == {"ru": "Подпись <&>", "en": "A caption"}
    assert (told.credit, told.taken_on) == ("A. Photographer", dt.date(2007, 10, 6))
    assert told.people == ("A Person",)


def test_inscription_is_the_same_each_time_and_fits_whatever_the_texts():
    endless = inscription.Facts(dict.fromkeys(("kk", "ru", "en"), "Ж&" * 20000),
                                "Ж" * 900, None, ("Ж" * 300,) * 200)  # fmt: skip
    plain = take_photo(encoded(halves())).read()
    place, more = inscription.insertion(plain[:64], endless)
    assert inscription.insertion(plain[:64], endless) == (place, more)
    Image.open(io.BytesIO(plain[:place] + more + plain[place:])).load()
    assert inscription.insertion(b"II*\0", FACTS) == (0, b"")
