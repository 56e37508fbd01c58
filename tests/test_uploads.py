"""Files on their way in: by the forms, many at once, by a proposal; and what is left of those that
were refused, which is nothing."""

import datetime as dt
import errno
import io
import os
from pathlib import Path

import pytest
from django.contrib import admin
from django.contrib.messages import get_messages
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, connection, models
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from events import blobs, editions, files, publishing
from events.files import incoming, renditions
from events.models import Attachment, Change, Edition, Person, Photo

from . import factories
from .test_admin import fields, url
from .test_admin_changes import proposal, released, saved
from .test_files import signed
from .uploads import encoded, halves, package, pdf, picture, png_bomb, with_everything

pytestmark = pytest.mark.django_db
ADD, MANY = reverse("admin:events_photo_add"), reverse("admin:events_photo_upload")
NEVER = "private, no-store, max-age=0, no-cache, must-revalidate"
FULL = "There is no room left for files: nothing was saved. Tell whoever runs the server."


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    """Storage that holds what this test has stored."""
    settings.MEDIA_ROOT = tmp_path


def stored():
    """Every file that is anywhere in storage, half-written ones included."""
    root = Path(default_storage.location)
    return sorted(str(each.relative_to(root)) for each in root.rglob("*") if each.is_file())


def upload(data, name="photo.jpg"):
    return SimpleUploadedFile(name, data)


def unlike(number):
    """A picture that no other number makes."""
    return encoded(picture((40 + number, 30)))


def said(answer):
    return [str(each) for each in get_messages(answer.wsgi_request)]


def beside(answer, name="image"):
    return answer.context["adminform"].form.errors.get(name, [])


def add(writing, data, name="photo.jpg", **typed):
    shown = fields(writing.get(ADD))
    shown.pop("image", None)
    return writing.post(ADD, {**shown, "image": upload(data, name), **typed})


@pytest.fixture
def writing(as_user, writer):
    return as_user(writer)


@pytest.fixture
def disk_full(monkeypatch):
    """A disk that takes so many more bytes: disk_full(after=…)."""

    class Disk:
        left = 0

        def __init__(self, descriptor, mode):
            self.file = os.fdopen(descriptor, mode)

        def write(self, data):
            if len(data) > Disk.left:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            Disk.left -= len(data)
            return self.file.write(data)

        def __getattr__(self, name):
            return getattr(self.file, name)

        def __enter__(self):
            return self

        def __exit__(self, *_problem):
            self.file.close()

    def fill(after):
        Disk.left = after
        monkeypatch.setattr(blobs, "open", Disk, raising=False)

    return fill


# --- One photo -----------------------------------------------------------------------------------


def test_new_photo_has_an_edition_safe_bytes_and_what_it_told_in_empty_fields(writing, person):
    answer = add(writing, with_everything(), credit="Typed by hand", people=[])
    photo = Photo.objects.get()
    assert (answer.status_code, answer.url) == (302, url(photo))
    assert (photo.caption_en, photo.caption_ru, photo.caption_kk) == ("A session", "Заседание", "")
    assert (photo.credit, photo.taken_on) == ("Typed by hand", dt.date(2007, 10, 6))
    assert list(photo.people.all()) == [person]
    assert (photo.width, photo.height) == (64, 32)
    with photo.image.open() as file:
        assert b"Secret" not in file.read()
    edition = Edition.objects.get()
    assert edition.snapshot["content"] == editions.snapshot(photo)
    assert stored() == [photo.image.name]
    told = said(writing.get(answer.url))
    assert told[-2:] == [
        "Read from the picture: caption (English), caption (Русский), taken on, people. Look it"
        " through: nobody has checked it yet.",
        "The picture names people who are not among the office’s: A Stranger.",
    ]


def test_typed_text_is_never_overwritten(writing, person):
    other = Person.objects.create(slug="another", name_en="Another")
    add(writing, with_everything(), caption_en="Mine", caption_ru="Моё", taken_on="2007-10-07",
        credit="Me", people=[str(other.pk)])  # fmt: skip
    photo = Photo.objects.get()
    assert (photo.caption_en, photo.caption_ru, photo.credit) == ("Mine", "Моё", "Me")
    assert (photo.taken_on, list(photo.people.all())) == (dt.date(2007, 10, 7), [other])


def test_another_picture_of_a_photo_leaves_its_fields_alone(writing):
    add(writing, encoded(picture()))
    photo = Photo.objects.get()
    typed = fields(writing.get(url(photo)))
    typed["image"] = upload(with_everything())
    assert writing.post(url(photo), typed).status_code == 302
    photo = Photo.objects.get()
    assert (photo.width, photo.caption_en, photo.credit) == (64, "", "")


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"<!doctype html>", "photo.jpg", "This is a page of the web and not a picture."),
        (png_bomb(), "photo.png",
         "The picture has too many pixels; at most 50 megapixels are taken."),
        (b"", "photo.jpg", "The submitted file is empty."),
    ],
    ids=["HTML", "bomb", "empty"],
)  # fmt: skip
def test_refused_photo_has_one_sentence_beside_the_field_and_leaves_nothing(
    writing, data, name, sentence
):
    answer = add(writing, data, name, alt_en="Typed")
    assert (answer.status_code, beside(answer)) == (200, [sentence])
    assert answer.context["adminform"].form["alt_en"].value() == "Typed"
    assert (Photo.objects.count(), Edition.objects.count(), stored()) == (0, 0, [])


def test_photo_whose_form_is_refused_leaves_no_file(writing):
    answer = add(writing, encoded(picture()), focal_x="7")
    assert beside(answer) == ["Nothing was saved yet: please choose “photo.jpg” again."]
    assert (Photo.objects.count(), stored()) == (0, [])


def test_photo_that_the_verb_refuses_leaves_no_row_and_no_file(writing, monkeypatch):
    monkeypatch.setattr(
        publishing, "finish_save", lambda *_args: (_ for _ in ()).throw(IntegrityError)
    )
    assert add(writing, encoded(picture())).status_code == 200
    assert (Photo.objects.count(), Edition.objects.count(), stored()) == (0, 0, [])


def test_failed_save_takes_no_file_that_something_else_names(writing, monkeypatch):
    add(writing, encoded(picture()))
    (blob,) = stored()
    monkeypatch.setattr(
        publishing, "finish_save", lambda *_args: (_ for _ in ()).throw(IntegrityError)
    )
    add(writing, encoded(picture()))
    assert (Photo.objects.count(), stored()) == (1, [blob])


def test_full_disk_is_one_plain_sentence_and_leaves_neither_row_nor_file(writing, disk_full):
    disk_full(after=100)
    answer = add(writing, encoded(picture()))
    assert answer.status_code == 200
    assert answer.context["adminform"].form.non_field_errors() == [FULL]
    assert (Photo.objects.count(), Edition.objects.count(), stored()) == (0, 0, [])


def test_file_that_found_no_room_on_its_way_is_refused_beside_the_field(writing, monkeypatch):
    noise = encoded(Image.effect_noise((1800, 1800), 99), quality=98)
    assert len(noise) > 2_500_000

    def write(self, data, start):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(
        "django.core.files.uploadhandler.TemporaryFileUploadHandler.receive_data_chunk", write
    )
    answer = add(writing, noise)
    assert (beside(answer), Photo.objects.count(), stored()) == ([FULL], 0, [])


def test_file_that_is_too_large_is_read_to_its_end_and_refused_beside_the_field(writing, settings):
    settings.UPLOAD_MAX_MEGABYTES = 3
    noise = encoded(Image.effect_noise((2000, 2000), 99), "PNG")
    assert len(noise) > 3_000_000
    answer = add(writing, noise, "noise.png", alt_en="Typed")
    assert beside(answer) == ["The file is larger than 3 MB: make it smaller, or send it in parts."]
    assert answer.context["adminform"].form["alt_en"].value() == "Typed"


def test_renditions_are_made_once_the_photo_is_committed(
    writing, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        add(writing, encoded(halves((700, 400))))
    photo = Photo.objects.get()
    assert renditions.missing(photo) == []
    assert len(stored()) == 1 + 2 * len(renditions.widths(photo))


def test_failed_renditions_do_not_fail_the_save(
    writing, django_capture_on_commit_callbacks, monkeypatch, caplog
):
    monkeypatch.setattr(renditions, "make", lambda _photo: 1 / 0)
    with django_capture_on_commit_callbacks(execute=True):
        assert add(writing, encoded(picture())).status_code == 302
    assert Photo.objects.count() == 1
    assert "No renditions of photo" in caplog.text


def test_photo_outlives_a_disk_without_room_for_its_renditions(
    writing, django_capture_on_commit_callbacks, monkeypatch, capsys
):
    full = blobs.NotStored(OSError(errno.ENOSPC, "full"))
    with monkeypatch.context() as patched, django_capture_on_commit_callbacks(execute=True):
        patched.setattr(blobs.BlobStorage, "put", lambda *_: (_ for _ in ()).throw(full))
        assert add(writing, encoded(halves((700, 400)))).status_code == 302
    photo = Photo.objects.get()
    assert (stored(), photo.tone) == ([photo.image.name], "")
    assert editions.check_chain(photo) == []
    call_command("make_renditions", "--missing")
    assert capsys.readouterr().out == "Made 8 renditions.\n"
    photo.refresh_from_db()
    assert (renditions.missing(photo), photo.tone[:13]) == ([], f"{photo.image.name[9:21]}:")


# --- Two at the same time ------------------------------------------------------------------------


class _Uploads:
    def lists(self):
        return []


def test_blob_that_another_request_names_meanwhile_is_kept(photo, monkeypatch):
    """One request fails and looks away; another commits a row with the same bytes just then."""
    data = io.BytesIO(unlike(1))
    asked = []

    def named_meanwhile(name):
        asked.append(name)
        return len(asked) > 1

    monkeypatch.setattr(incoming, "is_named", named_meanwhile)
    with files.receiving(_Uploads()):
        blob = default_storage.save("photo.jpg", blobs.File(data, "photo.jpg"))
    assert (asked, default_storage.exists(blob)) == ([blob, blob], True)


def test_blob_that_another_request_took_away_is_put_back(photo, monkeypatch):
    monkeypatch.setattr(incoming, "is_named", lambda _name: True)
    data = unlike(1)
    with files.receiving(_Uploads()):
        blob = default_storage.save("photo.jpg", blobs.File(io.BytesIO(data), "photo.jpg"))
        os.unlink(default_storage.path(blob))
    assert Path(default_storage.path(blob)).read_bytes() == data


# --- Many at once --------------------------------------------------------------------------------


def test_batch_takes_the_good_files_and_says_of_each_bad_one_why(writing):
    answer = writing.post(MANY, {"image": [
        upload(unlike(1), "one.jpg"), upload(b"<svg/>", "drawing.svg"),
        upload(unlike(2)[:-100], "half.jpg"), upload(b"", "nothing.jpg"),
        upload(with_everything(), "told.jpg"),
    ]})  # fmt: skip
    results = answer.context["results"]
    assert [(each.name, each.photo is not None) for each in results] == [
        ("one.jpg", True), ("drawing.svg", False), ("half.jpg", False), ("nothing.jpg", False),
        ("told.jpg", True),
    ]  # fmt: skip
    assert [list(each.said) for each in results[1:4]] == [
        ["SVG is not taken, it can hold programs: save the drawing as PNG."],
        ["The picture is damaged or incomplete: it could not be opened."],
        ["The submitted file is empty."],
    ]
    photos = {each.photo for each in results if each.photo}
    assert set(Photo.objects.all()) == photos
    assert {each.record_uid for each in Edition.objects.all()} == {each.pk for each in photos}
    assert stored() == sorted(each.image.name for each in photos)
    assert {each.caption_en for each in photos} == {"", "A session"}
    page = answer.content.decode()
    for each in photos:
        assert url(each) in page


def test_full_disk_in_the_middle_of_a_batch_harms_no_other_file(writing, disk_full):
    one, two, three = unlike(1), encoded(Image.effect_noise((200, 200), 99)), unlike(3)
    disk_full(after=3_000)
    results = writing.post(MANY, {"image": [upload(one), upload(two), upload(three)]}).context[
        "results"
    ]
    assert [list(each.said) for each in results if not each.photo] == [[FULL]]
    assert Photo.objects.count() == 2
    assert stored() == sorted(each.image.name for each in Photo.objects.all())


def test_script_gets_the_line_of_its_one_file(writing):
    answer = writing.post(MANY, {"image": upload(unlike(1), "\u202egpj.jpg"), "part": "1"})
    page = answer.content.decode()
    assert "<html" not in page
    assert page.count("<li ") == 1
    assert '<bdi class="upload-name">gpj.jpg</bdi>' in page
    assert url(Photo.objects.get()) in page


def test_picture_that_is_there_already_is_shown_and_not_stored_twice(writing):
    writing.post(MANY, {"image": upload(unlike(1))})
    (result,) = writing.post(MANY, {"image": upload(unlike(1), "again.jpg")}).context["results"]
    assert (result.known, result.photo) == (True, Photo.objects.get())
    assert (Edition.objects.count(), len(stored())) == (1, 1)


def test_picture_of_a_hidden_item_is_not_given_away_by_its_bytes(as_user, staff, writing, officer):
    writing.post(MANY, {"image": upload(unlike(1))})
    photo = Photo.objects.get()
    secret = factories.event("draft", limited=True)
    secret.placements.create(photo=photo)
    other = as_user(staff("Writer", "another-writer"))
    assert other.get(url(photo)).status_code == 302  # as for a photo that does not exist
    (result,) = other.post(MANY, {"image": upload(unlike(1))}).context["results"]
    assert (result.known, result.photo == photo, list(result.said)) == (False, False, [])


def test_batch_without_a_file_and_without_the_permission(writing, as_user, staff):
    assert "Choose at least one picture." in writing.post(MANY).content.decode()
    reader = as_user(staff("Reader under embargo"))
    assert reader.get(MANY).status_code == 403
    assert reader.post(MANY, {"image": upload(unlike(1))}).status_code == 403
    assert (Photo.objects.count(), stored()) == (0, [])


# --- The library ---------------------------------------------------------------------------------


def shown_picture(writing, photo, blob="", width=320):
    version = renditions.version(photo) if not blob else Path(blob).stem[:12]
    address = reverse("admin:events_photo_picture", args=[photo.pk, version, width])
    answer = writing.get(address)
    return answer.status_code, b"".join(answer) if answer.streaming else b"", answer.headers


def test_staff_are_shown_the_rendition_or_else_the_original(writing):
    add(writing, encoded(halves((700, 400))))
    photo = Photo.objects.get()
    with photo.image.open() as file:
        original = file.read()
    status, data, headers = shown_picture(writing, photo)
    assert (status, data == original) == (200, True)
    assert (headers["Content-Type"], headers["Cache-Control"]) == (
        "image/jpeg",
        NEVER,
    )
    renditions.make(photo)
    status, data, headers = shown_picture(writing, photo)
    assert (status, headers["Content-Type"]) == (200, "image/webp")
    assert Image.open(io.BytesIO(data)).size == (320, 183)


def test_picture_is_shown_to_nobody_who_may_not_see_its_row(writing, as_user, staff):
    add(writing, encoded(picture()))
    photo = Photo.objects.get()
    factories.event("draft", limited=True).placements.create(photo=photo)
    other = as_user(staff("Writer", "another-writer"))
    hidden = shown_picture(other, photo)
    photo.pk = "00000000-0000-4000-8000-000000000000"
    assert hidden[:2] == shown_picture(other, photo)[:2] == (404, b"")
    other.logout()
    assert shown_picture(other, photo)[0] == 302


@pytest.mark.parametrize(
    ("words", "found"),
    [("session", {"told"}), ("agency", {"told"}), ("2007-10", {"told"}), ("a person", {"told"}),
     ("nothing", set()), ("", {"told", "plain"})],
)  # fmt: skip
def test_library_is_searched_by_caption_credit_people_and_date(writing, person, words, found):
    named = {}
    for name, data in (("told", with_everything()), ("plain", unlike(1))):
        writing.post(MANY, {"image": upload(data)})
        named[name] = Photo.objects.exclude(pk__in=[each.pk for each in named.values()]).get()
    address = reverse("admin:events_photo_changelist")
    listed = set(writing.get(address, {"q": words}).context["cl"].result_list)
    assert listed == {named[name] for name in found}


def test_library_asks_no_more_queries_for_more_photos(writing):
    address = reverse("admin:events_photo_changelist")
    counts = []
    for number in (1, 2, 3, 4):
        writing.post(MANY, {"image": upload(unlike(number))})
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = writing.get(address).content.decode()
        counts.append(len(queries))
        assert page.count('class="thumb"') == number
    assert counts[1:] == [counts[1]] * 3


# --- Attachments ---------------------------------------------------------------------------------


def attach(writing, item, data, name="document.pdf", **typed):
    shown = fields(writing.get(url(item)))
    return writing.post(url(item), {
        **shown, "attachments-TOTAL_FORMS": "1", "attachments-0-order": "0",
        "attachments-0-file": upload(data, name), "attachments-0-title_en": "A document", **typed,
    })  # fmt: skip


def at_row(answer):
    (formset,) = [
        each.formset
        for each in answer.context["inline_admin_formsets"]
        if each.formset.prefix == "attachments"
    ]
    return formset.forms[0].errors


def test_attached_pdf_has_its_pages_counted_and_its_checksum_taken(writing, statement):
    answer = attach(writing, statement, pdf(3), **{"attachments-0-pages": "99"})
    assert answer.status_code == 302
    attachment = Attachment.objects.get()
    assert attachment.pages == 3
    with attachment.file.open() as file:
        data = file.read()
    assert (attachment.size, Path(attachment.file.name).stem) == (len(data), attachment.checksum)
    assert stored() == [attachment.file.name]


def test_signed_pdf_is_attached_and_the_editor_is_told(writing, statement):
    attach(writing, statement, pdf(1, signed))
    assert [each for each in said(writing.get(url(statement))) if "signed" in each] == [
        "Attachment 1, File: The PDF is signed and was left as it is, with its metadata: see"
        " whether it tells more than readers should know."
    ]


def test_refused_document_has_its_sentence_at_its_row_and_leaves_nothing(writing, statement):
    answer = attach(writing, statement, package("docx", **{"word/vbaProject.bin": "x"}), "a.docx")
    assert at_row(answer) == {"file": ["The document holds macros: save it without them."]}
    assert (Attachment.objects.count(), stored()) == (0, [])


def test_document_beside_a_refused_one_is_asked_for_again_and_left_nowhere(writing, statement):
    shown = fields(writing.get(url(statement)))
    answer = writing.post(url(statement), {
        **shown, "attachments-TOTAL_FORMS": "2",
        "attachments-0-order": "0", "attachments-0-file": upload(b"Text", "a.txt"),
        "attachments-1-order": "1", "attachments-1-file": upload(b"\0", "b.txt"),
    })  # fmt: skip
    (formset,) = [
        each.formset
        for each in answer.context["inline_admin_formsets"]
        if each.formset.prefix == "attachments"
    ]
    assert [form.errors.get("file") for form in formset.forms] == [
        ["Nothing was saved yet: please choose “a.txt” again."],
        ["This is not plain text, whatever its name says."],
    ]
    assert stored() == []


# --- Proposals -----------------------------------------------------------------------------------


@pytest.fixture
def public(statement, writer, officer):
    """A published statement with a document."""
    released(saved(statement, writer), writer, officer)
    return type(statement).objects.get()


def propose_document(writing, item, data, **typed):
    return proposal(
        writing, item, note="The document is attached.", kind="update",
        **{"attachments-TOTAL_FORMS": "1", "attachments-0-file": upload(data, "a.txt"),
           "attachments-0-title_en": "The document", "attachments-0-order": "0", **typed},
    )  # fmt: skip


def test_proposed_document_waits_in_storage_until_it_is_applied(as_user, writing, public, officer):
    propose_document(writing, public, b"First")
    (first,) = stored()
    assert (Attachment.objects.count(), Change.objects.count()) == (0, 1)
    publishing.apply_change(Change.objects.get(), officer)
    public.refresh_from_db()

    # Its replacement: the old one stays, in the row and in storage, until the new one is applied.
    shown = fields(writing.get(url(public, "propose")))
    uid = str(shown["attachments-0-uid"])
    answer = proposal(
        writing, public, note="Another document.", kind="update",
        **{"attachments-0-file": upload(b"Second", "a.txt"), "attachments-0-uid": uid},
    )  # fmt: skip
    assert answer.status_code == 302
    assert Attachment.objects.get().file.name == first
    second = Change.objects.open().get().snapshot["parts"]["attachments"][0]["fields"]["file"]
    assert sorted([first, second]) == stored()
    publishing.apply_change(Change.objects.open().get(), officer)
    attachment = Attachment.objects.get()
    assert (str(attachment.pk), attachment.file.name) == (uid, second)
    with attachment.file.open() as file:
        assert file.read() == b"Second"
    assert attachment.size == 6
    # Editions name the first one: it is never removed.
    assert sorted([first, second]) == stored()


def test_refused_proposal_leaves_no_file(writing, public):
    assert (
        propose_document(writing, public, b"First", **{"proposal-note_en": ""}).status_code == 200
    )
    assert (Change.objects.count(), stored()) == (0, [])


def test_rejected_proposal_keeps_its_file(writing, public, officer):
    propose_document(writing, public, b"First")
    publishing.reject_change(Change.objects.get(), officer, "No.")
    blobs_then = stored()
    propose_document(writing, public, b"First", **{"proposal-note_en": ""})
    assert (len(blobs_then), stored()) == (1, blobs_then)


def test_proposed_picture_is_shown_to_who_reviews_it_and_has_renditions_once_applied(
    as_user, writing, statement, writer, officer, django_capture_on_commit_callbacks
):
    add(writing, encoded(picture()), alt_en="A red field")
    photo = Photo.objects.get()
    statement.placements.create(photo=photo)
    publishing.submit(saved(statement, writer), writer)
    publishing.release_now(statement, officer)
    proposal(writing, photo, note="Another picture", image=upload(with_everything()))
    change = Change.objects.get()
    old, new = photo.image.name, change.snapshot["fields"]["image"]
    assert Photo.objects.get().image.name == old
    assert change.snapshot["fields"]["caption_en"] == ""  # a proposal says what was typed
    reviewer = as_user(officer)
    page = reviewer.get(url(photo, "review", change.pk)).content.decode()
    for blob in (old, new):
        assert reverse(
            "admin:events_photo_picture", args=[photo.pk, Path(blob).stem[:12], 960]
        ) in (page)
        assert shown_picture(reviewer, photo, blob)[0] == 200
    assert shown_picture(reviewer, photo, "blobs/00/000000000000.jpg")[0] == 404
    with django_capture_on_commit_callbacks(execute=True):
        reviewer.post(url(photo, "review", change.pk), {"decision": "apply"})
    photo = Photo.objects.get()
    assert (photo.image.name, photo.width) == (new, 64)
    assert renditions.missing(photo) == []
    assert {old, new} <= set(stored())


def test_every_form_of_the_admin_takes_files_the_one_way(rf, officer):
    request = rf.get("/admin/")
    request.user = officer
    taken = {}
    for model_admin in admin.site._registry.values():
        for each in (model_admin, *(cls(model_admin.model, admin.site)
                                    for cls in model_admin.inlines)):  # fmt: skip
            for field in each.model._meta.get_fields():
                if isinstance(field, models.FileField):
                    form_field = each.formfield_for_dbfield(field, request)
                    taken[type(each).__name__, field.name] = type(form_field)
    assert taken == {
        ("PhotoAdmin", "image"): files.PhotoField,
        ("AttachmentInline", "file"): files.DocumentField,
    }
