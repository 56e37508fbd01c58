"""Stored files that nothing names are found, and nothing else is touched."""

import datetime as dt
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from events import publishing, visibility
from events.files import renditions, sweeping
from events.models import Attachment, Change, Photo

from . import factories
from .test_admin_changes import proposal, released, saved
from .test_uploads import add, propose_document, stored, upload
from .uploads import encoded, halves, picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def later():
    """Lets some hours pass: later(25)."""

    def at(hours):
        then = dt.datetime.now(dt.UTC) + dt.timedelta(hours=hours)
        return visibility.clock_set_to(lambda: then)

    return at


@pytest.fixture
def swept(capsys, later):
    """Runs the command when 25 hours have passed; the lines that it prints."""

    def run(*arguments, hours=25):
        with later(hours):
            call_command("sweep_blobs", *arguments)
        return capsys.readouterr().out.splitlines()

    return run


def stray(content=b"A stray", name="a.pdf"):
    return default_storage.save(name, ContentFile(content, name))


def test_stray_is_found_then_removed_with_what_was_made_of_it(swept):
    blob = stray()
    made = f"renditions/{blob[6:8]}/{Path(blob).stem}/320.webp"
    default_storage.put(made, b"made of it")
    listed = [f"{blob}  7 bytes", f"{made}  10 bytes"]
    rest = ["0 files are named and stay; 0 are younger than 24 hours and stay."]
    assert swept() == [
        *listed, "Found 2 files that nothing names, 17 bytes.", *rest,
        "Nothing was touched: --delete does it.",
    ]  # fmt: skip
    assert stored() == [blob, made]
    assert swept("--delete") == [*listed, "Removed 2 files that nothing names, 17 bytes.", *rest]
    assert stored() == []


def test_what_is_young_stays_and_no_age_is_too_small_to_be_safe(swept):
    blob = stray()
    young = "0 files are named and stay; 1 are younger than 24 hours and stay."
    assert swept("--delete", hours=23) == ["Removed 0 files that nothing names, 0 bytes.", young]
    assert stored() == [blob]
    assert swept("--delete", "--older-than", "12", hours=13)[1][:9] == "Removed 1"
    for hours in ("0", "0.5", "-3", "nan", "inf"):
        with pytest.raises(CommandError, match="at least 1 hour"):
            swept("--delete", "--older-than", hours)


def test_nothing_that_any_edition_or_change_names_is_removed(
    swept, as_user, statement, writer, officer, django_capture_on_commit_callbacks
):
    writing = as_user(writer)
    # A replaced picture, a discarded draft's document, one proposed and rejected, one waiting,
    # one that a later change has taken the place of.
    with django_capture_on_commit_callbacks(execute=True):
        add(writing, encoded(halves((400, 200))))
    photo = Photo.objects.get()
    with publishing.saving(photo, writer) as record:
        record.image.save("b.jpg", ContentFile(encoded(picture()), "b.jpg"))
    draft = factories.statement("draft", "Other")
    factories.attachment(draft, content=b"Discarded")
    publishing.discard(saved(draft, writer), writer)
    released(saved(statement, writer), writer, officer)
    propose_document(writing, statement, b"Rejected")
    publishing.reject_change(Change.objects.get(), officer, "No.")
    propose_document(writing, statement, b"First")
    publishing.apply_change(Change.objects.open().get(), officer)
    uid = str(Attachment.objects.get().pk)
    sent = {"attachments-0-file": upload(b"Waiting", "a.txt"), "attachments-0-uid": uid}
    proposal(writing, statement, note="Another.", kind="update", **sent)
    kept = stored()
    assert len([each for each in kept if each.startswith("blobs/")]) == 6
    assert len([each for each in kept if each.startswith("renditions/")]) == 4
    blob = stray()
    lines = swept("--delete")
    assert lines[0].startswith(blob)
    assert lines[-1] == "10 files are named and stay; 0 are younger than 24 hours and stay."
    assert stored() == kept


def test_what_is_named_since_it_was_looked_for_stays(photo, monkeypatch, later):
    other = stray()
    monkeypatch.setattr(sweeping, "_blobs_named", lambda: iter(()))
    with later(25):
        swept = sweeping.sweep(dt.timedelta(hours=24), act=True)
    assert [each.name for each in swept.strays] == [other]
    assert stored() == [photo.image.name]


def test_what_a_killed_process_left_beside_its_place_goes_back_or_away(photo, swept):
    root, blob, other = Path(default_storage.location), photo.image.name, stray()
    left = []
    for name in (blob, other):
        path = root / name
        left.append(path.rename(path.with_name(f".{path.name}.{'0' * 32}")))
    draft = root / Path(blob).parent / ".tmphalf_written"
    draft.write_bytes(b"half")
    found = swept()
    assert [line for line in found if "put back" in line] == [
        "To be put back into their place: 1 files."
    ]
    assert left[0].exists()
    assert "Put back into their place: 1 files." in swept("--delete")
    assert stored() == [blob]


def test_blob_that_is_named_and_nowhere_is_told_of(photo, swept):
    default_storage.delete(photo.image.name)
    with pytest.raises(CommandError, match=photo.image.name):
        swept()


def test_renditions_of_a_picture_that_is_named_stay(photo, swept):
    renditions.make(photo)
    there = stored()
    assert len(there) == 3
    swept("--delete")
    assert stored() == there
