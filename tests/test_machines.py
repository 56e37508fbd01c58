"""Two app hosts behind nginx, with a replica and Redis, as they are shipped: never early, never
late, and nobody notices that one of them is gone."""

import http.client
import os
import signal
import ssl
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from typing import Any

import pytest

from .machines import HOST, Machines, machines

pytestmark = [pytest.mark.machines, pytest.mark.subprocess, pytest.mark.long]
TLS = ssl._create_unverified_context()  # a certificate of the tests' own
STATEMENTS = "/en/statements/"


@pytest.fixture(scope="module")
def office():
    with machines() as started:
        yield started


@dataclass(frozen=True)
class Seen:
    """An answer: when it was asked for and when it had come (the clock on the wall)."""

    machine: str
    asked: float
    came: float
    status: int
    headers: dict[str, str]
    body: bytes


class Reader:
    """Somebody who reads on one connection: of nginx, or of an app host as nginx would ask it."""

    def __init__(self, office: Machines, machine: str) -> None:
        self.machine = machine
        if machine == "nginx":
            self.connection: Any = http.client.HTTPSConnection(
                "127.0.0.1", office.ports["https"], context=TLS, timeout=20
            )
            self.headers = {"Host": HOST}
        else:
            self.connection = http.client.HTTPConnection(
                "127.0.0.1", office.ports[machine], timeout=20
            )
            self.headers = {"Host": HOST, "X-Forwarded-Proto": "https"}

    def get(self, path: str, method: str = "GET", **headers: str) -> Seen:
        asked = time.time()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.connection.request(method, path, headers=self.headers | named)
        answer = self.connection.getresponse()
        body = answer.read()
        told = {name.lower(): value for name, value in answer.getheaders()}
        return Seen(self.machine, asked, time.time(), answer.status, told, body)


def test_smoke(office):
    for m in ("one", "two", "nginx"):
        seen = Reader(office, m).get(STATEMENTS)
        print(seen.status, seen.headers, len(seen.body))
    print(office.checked)
