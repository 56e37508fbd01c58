"""The files of a record, for whoever may see it in the admin."""

import re
from pathlib import Path

import pytest
from django.urls import reverse

from events import publishing
from events.models import Access, Attachment, Change, Edition, Photo, Reading

from . import factories
from .test_admin import fields, url
from .test_admin_changes import proposal, released, saved
from .test_uploads import add, propose_document, upload
from .uploads import encoded, halves, pdf, picture

pytestmark = pytest.mark.django_db
TEXT = b"A document of the office."


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def draft(statement, writer):
    """A draft with a document."""
    factories.attachment(statement, "Kryptonym", content=TEXT)
    return saved(statement, writer)


def hide(item, user):
    """Limit an item to one person."""
    Access.objects.create(publication=item.publication, user=user, given_by=user,
                          given_at=factories.LONG_AGO)  # fmt: skip
    type(item).objects.update(limited=True)


def address(record, holder, blob):
    return reverse(f"admin:events_{record._meta.model_name}_file",
                   args=[record.pk, holder, Path(blob).stem[:12]])  # fmt: skip


def of(item):
    document = Attachment.objects.get()
    return address(item, document.pk, document.file.name)


def got(client, where):
    answer = client.get(where)
    return answer.status_code, answer.getvalue(), answer.headers


def links(page):
    """Every way to a file that a page offers."""
    return re.findall(r'href="([^"]*/files/[^"]*)"', page.content.decode())


def test_document_of_a_draft_is_saved_from_its_form_and_noted_as_read(as_user, draft, writer):
    writing = as_user(writer)
    assert links(writing.get(url(draft, "change"))) == [of(draft)]
    Reading.objects.all().delete()
    status, data, headers = got(writing, of(draft))
    assert (status, data) == (200, TEXT)
    assert headers["Content-Disposition"] == 'attachment; filename="Kryptonym document en.pdf"'
    assert headers["Content-Type"] == "application/pdf"
    assert "no-store" in headers["Cache-Control"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    noted = Reading.objects.get()
    assert (noted.record_uid, noted.by, noted.how) == (draft.pk, writer, Reading.How.FORM)


def test_form_of_what_is_out_has_the_link_and_nothing_is_noted(as_user, draft, writer, officer):
    released(draft, writer, officer)
    page = as_user(writer).get(url(draft, "change"))
    assert links(page) == [of(draft)]
    assert "blobs/" not in page.content.decode()
    Reading.objects.all().delete()
    assert got(as_user(writer), of(draft))[:2] == (200, TEXT)
    assert Reading.objects.count() == 0


def test_document_is_nobodys_who_may_not_see_its_item(
    as_user, client, draft, writer, staff, officer
):
    hide(draft, writer)
    nothing = url(draft, "change").replace(str(draft.pk), "00000000-0000-0000-0000-000000000000")
    where = of(draft)
    refused = as_user(officer).get(where)
    never = as_user(officer).get(nothing.replace("change/", where.partition(f"{draft.pk}/")[2]))
    assert (refused.status_code, never.status_code) == (404, 404)
    assert refused.content == never.content
    assert got(as_user(writer), where)[:2] == (200, TEXT)
    client.logout()
    assert client.get(where).status_code == 302
    reader = as_user(staff("Reader under embargo"))
    assert reader.get(where).status_code == 404


def test_file_of_another_record_or_checksum_is_not_found_here(as_user, draft, writer, event):
    where = of(draft)
    document = Attachment.objects.get()
    for other in (
        address(event, document.pk, document.file.name),
        address(draft, draft.pk, document.file.name),
        address(draft, document.pk, "blobs/00/000000000000.txt"),
    ):
        assert as_user(writer).get(other).status_code == 404
    document.file.storage.delete(document.file.name)
    assert as_user(writer).get(where).status_code == 404  # lost in storage


def test_replaced_document_is_reviewed_by_name_with_both_files_to_save(
    as_user, statement, writer, officer
):
    writing = as_user(writer)
    factories.attachment(statement, content=pdf(1), title_en="The budget", pages=1,
                          size=len(pdf(1)))  # fmt: skip
    released(saved(statement, writer), writer, officer)
    document = Attachment.objects.get()
    shown = fields(writing.get(url(statement, "propose")))
    proposal(writing, statement, note="Another document.", kind="update",
             **{"attachments-0-file": upload(pdf(3), "a.pdf"),
                "attachments-0-uid": str(shown["attachments-0-uid"])})  # fmt: skip
    change = Change.objects.get()
    new = change.snapshot["parts"]["attachments"][0]["fields"]
    page = as_user(officer).get(url(statement, "review", change.pk))
    (found,) = page.context["review"].proposed
    before = f"The budget: PDF, {len(pdf(1))}\xa0bytes, 1 page, SHA-256 {document.checksum[:12]}…"
    assert found.before == before
    assert found.after.endswith(f"3 pages, SHA-256 {new['checksum'][:12]}…")
    assert "blobs/" not in page.content.decode()
    old_way, new_way = links(page)
    assert (old_way, new_way) == tuple(
        address(statement, document.pk, blob) for blob in (document.file.name, new["file"])
    )
    reviewer = as_user(officer)
    assert (
        got(reviewer, old_way)[2]["Content-Disposition"] == 'attachment; filename="The budget.pdf"'
    )
    assert got(reviewer, new_way)[0] == 200
    # Once applied, the old one is in the editions alone, and still to be had there.
    publishing.apply_change(change, officer)
    assert got(reviewer, old_way)[0] == 200
    edition = Edition.objects.filter(record_uid=statement.pk).order_by("number").first()
    page = reviewer.get(url(statement, "edition", edition.number))
    assert (links(page), "blobs/" in page.content.decode()) == ([old_way], False)


def test_added_document_is_reviewed_with_its_file(as_user, statement, writer, officer):
    writing = as_user(writer)
    released(saved(statement, writer), writer, officer)
    propose_document(writing, statement, TEXT)
    change = Change.objects.get()
    page = as_user(officer).get(url(statement, "review", change.pk))
    (row,) = change.snapshot["parts"]["attachments"]
    assert links(page) == [address(statement, row["uid"], row["fields"]["file"])]
    (found,) = page.context["review"].proposed
    assert "File: The document: TXT, 25\xa0bytes, SHA-256 " in found.after
    assert got(as_user(officer), links(page)[0])[:2] == (200, TEXT)
    # A rejected proposal's file is still what it proposed.
    publishing.reject_change(change, officer, "No.")
    assert got(as_user(officer), links(page)[0])[0] == 200


def test_original_of_a_photo_is_saved_from_its_form_whether_it_can_be_edited_or_not(
    as_user, statement, writer, officer
):
    writing = as_user(writer)
    add(writing, encoded(halves((700, 400))), alt_en="Halves")
    photo = Photo.objects.get()
    where = address(photo, photo.pk, photo.image.name)
    assert links(writing.get(url(photo, "change"))) == [where]
    with photo.image.open() as file:
        original = file.read()
    status, data, headers = got(writing, where)
    assert (status, data, headers["Content-Type"]) == (200, original, "image/jpeg")
    statement.placements.create(photo=photo)
    released(saved(statement, writer), writer, officer)
    page = writing.get(url(photo, "change"))
    assert (links(page), "blobs/" in page.content.decode()) == ([where], False)
    # A proposed picture is to be had by whoever reviews it.
    proposal(writing, photo, note="Another picture", image=upload(encoded(picture())))
    change = Change.objects.get()
    page = as_user(officer).get(url(photo, "review", change.pk))
    new = change.snapshot["fields"]["image"]
    assert links(page) == [where, address(photo, photo.pk, new)]
    assert got(as_user(officer), links(page)[1])[0] == 200


def test_photo_placed_in_a_hidden_item_is_not_found(as_user, draft, writer, officer):
    add(as_user(writer), encoded(picture()), alt_en="A field")
    photo = Photo.objects.get()
    draft.placements.create(photo=photo)
    hide(draft, writer)
    where = address(photo, photo.pk, photo.image.name)
    assert as_user(officer).get(where).status_code == 404
    assert got(as_user(writer), where)[0] == 200
