"""Files in an S3-compatible store: what little of the protocol is used, spoken on the loopback."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import call_command

from events.blobs import NotStored, noting
from events.files import addresses
from events.models import Attachment

from . import factories

pytestmark = pytest.mark.django_db
CONTENT = b"0123456789" * 1_000
LIST = '<?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated>'
OK = '<?xml version="1.0"?><CopyObjectResult><ETag>"x"</ETag></CopyObjectResult>'


class Store(BaseHTTPRequestHandler):
    """Objects in a dictionary, and a note of what was asked."""

    protocol_version = "HTTP/1.1"
    objects: dict[str, bytes]
    asked: list[tuple[str, str, dict[str, str]]]
    full = False

    def _answer(self, status: int, body: bytes = b"", length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.send_header("ETag", '"x"')
        self.end_headers()
        self.wfile.write(body)

    def _key(self) -> str:
        key = unquote(urlsplit(self.path).path).removeprefix("/press/")
        self.asked.append((self.command, key, dict(self.headers)))
        return key

    def do_HEAD(self) -> None:
        found = self.objects.get(self._key())
        self._answer(404) if found is None else self._answer(200, length=len(found))

    def do_GET(self) -> None:
        asked = parse_qs(urlsplit(self.path).query)
        if "prefix" in asked:
            listed = "".join(
                f"<Contents><Key>{key}</Key><Size>{len(data)}</Size>"
                f"<LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>"
                for key, data in sorted(self.objects.items()) if key.startswith(asked["prefix"][0])
            )  # fmt: skip
            self._answer(200, f"{LIST}{listed}</ListBucketResult>".encode())
            return
        found = self.objects.get(self._key())
        self._answer(404) if found is None else self._answer(200, found)

    def do_DELETE(self) -> None:
        self.objects.pop(self._key(), None)
        self._answer(204)

    def do_PUT(self) -> None:
        key, source = self._key(), self.headers.get("x-amz-copy-source")
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.full:
            self._answer(403)
        elif source:
            self.objects[key] = self.objects[unquote(source).removeprefix("press/")]
            self._answer(200, OK.encode())
        else:
            self.objects[key] = body
            self._answer(200)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def store(settings, monkeypatch) -> Iterator[type[Store]]:
    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY"):
        monkeypatch.setenv(f"AWS_{name}", "for-tests")
    # Checksums that only a large store knows come in a framing that this small one does not read.
    monkeypatch.setenv("AWS_REQUEST_CHECKSUM_CALCULATION", "when_required")
    kept = type("Kept", (Store,), {"objects": {}, "asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kept)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_address[1]}"
    options = {"bucket_name": "press", "endpoint_url": address, "region_name": "any",
               "addressing_style": "path", "max_memory_size": 4_000}  # fmt: skip
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "events.bucket.BucketStorage", "OPTIONS": options}
    }
    storage = storages["default"]
    yield kept
    storage.connection.meta.client.close()
    server.shutdown()
    server.server_close()
    thread.join()


def stored(content=CONTENT):
    return storages["default"].save("a.PDF", ContentFile(content, "a.PDF"))


def test_object_is_private_and_named_by_its_checksum_once(store):
    with noting() as noted:
        names = [stored(), stored()]
    assert names[0] == names[1]
    assert names[0].startswith("blobs/")
    assert names[0].endswith(".pdf")
    assert store.objects == {names[0]: CONTENT}
    assert [each.new for each in noted] == [True, False]
    puts = [headers for command, _key, headers in store.asked if command == "PUT"]
    assert [name for name in puts[0] if name.lower().startswith("x-amz-acl")] == []
    assert storages["default"].url(names[0]) == ""


def test_object_aside_is_out_of_reach_and_comes_back_unless_removed(store):
    storage, name = storages["default"], stored()
    with storage.aside(name):
        assert not storage.exists(name)
    assert store.objects == {name: CONTENT}
    with storage.aside(name) as hidden:
        hidden.unlink()
    assert store.objects == {}
    with noting() as noted:
        stored()
    storage.delete(name)
    storage.put_back(noted[0])
    assert store.objects == {name: CONTENT}


def test_store_that_refuses_says_so(store):
    store.full = True
    with pytest.raises(NotStored):
        stored()
    with pytest.raises(NotStored):
        storages["default"].put("renditions/a.webp", b"bytes")


def test_gate_serves_an_object_whole_and_in_part_and_hands_out_no_address(
    client, store, monkeypatch
):  # fmt: skip
    monkeypatch.setattr(Attachment._meta.get_field("file"), "storage", storages["default"])
    document = factories.attachment(factories.statement(), file=stored())
    address = addresses.of_file(document)
    assert client.get(address).getvalue() == CONTENT
    part = client.get(address, headers={"range": "bytes=4000-4004"})
    assert (part.status_code, part.getvalue()) == (206, CONTENT[4000:4005])
    assert "127.0.0.1" not in str(part.headers)
    store.objects.clear()
    assert client.get(address).status_code == 404


def test_sweep_removes_strays_and_puts_back_what_is_named(store, capsys):
    named, stray = stored(), stored(b"A stray")
    factories.attachment(factories.statement(), file=named)
    store.objects[f"aside/0123/{named}"] = store.objects.pop(named)
    store.objects["aside/4567/blobs/00/of-nobody.pdf"] = b"Left behind"
    before = dict(store.objects)
    call_command("sweep_blobs")
    assert store.objects == before
    call_command("sweep_blobs", "--delete")
    assert store.objects == {named: CONTENT}
    assert f"{stray}  7 bytes" in capsys.readouterr().out
