"""Several machines on the loopback: PostgreSQL with a replica, Redis, two app hosts, and nginx in
front of them, each with the configuration that is shipped in pressoffice/deploy/.

What the shipped files say of addresses and places is replaced, and each of these must be there:
a test that no longer starts what is shipped proves nothing. `python -m tests.machines` is the
office: one process that does what it reads, so that the tests need not wait for Django each time.
"""

import contextlib
import datetime as dt
import glob
import http.client
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "pressoffice" / "deploy"
HOST = "press.example"
PROGRAMS = ("nginx", "redis-server", "openssl")
PATIENCE = 60  # seconds for a server to start, on a machine that does much else


def postgresql_programs() -> Path | None:
    """Where PostgreSQL keeps what its packages put in no PATH: the newest of them."""
    found = [Path(each) for each in glob.glob("/usr/lib/postgresql/*/bin")]
    found = [each for each in found if (each / "initdb").exists()]
    return max(found, key=lambda each: float(each.parent.name), default=None)


def missing() -> list[str]:
    """Which programs this machine lacks."""
    lacking = [name for name in PROGRAMS if not shutil.which(name)]
    return lacking + ([] if postgresql_programs() else ["initdb of PostgreSQL"])


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def adapted(name: str, changes: dict[str, str]) -> str:
    """A shipped file with what an office would adapt in it."""
    text = (DEPLOY / name).read_text(encoding="utf-8")
    for said, instead in changes.items():
        assert said in text, f"{name} no longer says {said}"
        text = text.replace(said, instead)
    return text


def environment(text: str) -> dict[str, str]:
    """What a file of variables says, as systemd reads it."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    said = dict(line.split("=", 1) for line in lines)
    return {name: value.strip('"') for name, value in said.items()}


class Machines:
    """All of them. Each is a process of its own, started as a group, and ended by `stop`."""

    def __init__(self, original: str = "") -> None:
        """`original`: a database to begin with a copy of, with all migrations behind it."""
        self.original = original
        self.place = Path(tempfile.mkdtemp(prefix="pressoffice-machines-"))
        self.place.chmod(0o755)
        names = ("primary", "replica", "redis", "one", "two", "http", "https")
        self.ports = {name: free_port() for name in names}
        self.processes: dict[str, subprocess.Popen[Any]] = {}
        self.programs = postgresql_programs()
        # The server refuses to run as root.
        self.as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []

    # --- Starting and stopping --------------------------------------------------------------------

    def start(self) -> None:
        """Start everything, with the roles and no record in the database."""
        self._databases()
        self.start_redis()
        self._prepare()
        for name in ("one", "two"):
            self.start_app(name)
        self._nginx()
        for name in ("one", "two"):
            self.until_answers(name)

    def stop(self) -> None:
        """End what was started, by its own numbers, and leave nothing behind."""
        for name in reversed(list(self.processes)):
            self.kill(name, signal.SIGINT if name in ("primary", "replica") else signal.SIGTERM)
        if not os.environ.get("KEEP_MACHINES"):
            shutil.rmtree(self.place, ignore_errors=True)

    def start_redis(self) -> None:
        """Start Redis, empty."""
        conf = adapted("redis.conf", {
            "bind 10.0.0.31": f"bind 127.0.0.1\nport {self.ports['redis']}\ndir {self.place}",
            "requirepass PASSWORD": "", "512mb": "64mb",
        })  # fmt: skip
        (self.place / "redis.conf").write_text(conf)
        self.run("redis", ["redis-server", str(self.place / "redis.conf")])
        self.until_listens("redis")

    def run(self, name: str, command: list[str], **more: Any) -> None:
        """Start a machine, with what it says in a file of its name."""
        with open(self.place / f"{name}.log", "ab") as log:
            self.processes[name] = subprocess.Popen(
                command, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                start_new_session=True, cwd=ROOT, **more,
            )  # fmt: skip

    def kill(self, name: str, how: signal.Signals = signal.SIGKILL) -> None:
        """End a machine with all its processes."""
        process = self.processes.pop(name)
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()
        # As postgres a server is a grandchild, whose first process the others follow.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, how)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(20)

    def until_listens(self, name: str, port: str = "") -> None:
        """Wait until somebody listens at a machine's port."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self.processes[name].poll() is not None:
                break
            with contextlib.suppress(OSError), socket.create_connection(
                ("127.0.0.1", self.ports[port or name]), 1
            ):  # fmt: skip
                return
            time.sleep(0.05)
        raise AssertionError(f"{name} did not start: {self.log(name)}")

    def log(self, name: str) -> str:
        """What a machine has said."""
        return (self.place / f"{name}.log").read_text(errors="replace")

    # --- The databases ----------------------------------------------------------------------------

    def _databases(self) -> None:
        """A primary, and a replica that follows it, with the shipped settings."""
        for name in ("primary", "replica", "wal"):
            (self.place / name).mkdir(mode=0o700)
            if self.as_postgres:
                owner = pwd.getpwnam("postgres")
                os.chown(self.place / name, owner.pw_uid, owner.pw_gid)
        self._program("initdb", "--no-sync", "--auth=trust", "--username=office",
                      "--encoding=UTF8", "--no-locale", "-D", self.place / "primary")  # fmt: skip
        self.start_database("primary")
        self.sql("select pg_create_physical_replication_slot('replica')", database="postgres")
        self.sql("create database pressoffice", database="postgres")
        if self.original:
            dump = subprocess.run(
                [str(self.programs / "pg_dump"), "--no-owner", self.original],  # type: ignore[operator]
                check=True, capture_output=True, timeout=PATIENCE,
            )  # fmt: skip
            subprocess.run(
                ["psql", "-qX", "--set=ON_ERROR_STOP=1", self.url("primary")], input=dump.stdout,
                check=True, capture_output=True, timeout=PATIENCE,
            )  # fmt: skip
        self._program(
            "pg_basebackup", f"--pgdata={self.place / 'replica'}", "--checkpoint=fast", "--no-sync",
            "--write-recovery-conf", "--slot=replica",
            f"--dbname=host=127.0.0.1 port={self.ports['primary']} user=office",
        )  # fmt: skip
        self.start_database("replica")

    def start_database(self, name: str) -> None:
        """Start the primary or the replica; return when it answers."""
        less = {"shared_buffers = 2GB": "shared_buffers = 32MB"}
        if name == "primary":
            less["/var/backups/pressoffice/wal"] = str(self.place / "wal")
        here = f"unix_socket_directories = ''\nport = {self.ports[name]}\nfsync = off\n"
        path = self.place / name / "postgresql.conf"
        path.write_text(adapted(f"postgresql.{name}.conf", less) + here)
        program = str(self.programs / "postgres")  # type: ignore[operator]
        self.run(name, [*self.as_postgres, program, "-D", str(self.place / name)])
        self.until_listens(name)
        deadline = time.monotonic() + PATIENCE
        while not self._answers(name):
            assert time.monotonic() < deadline, self.log(name)
            time.sleep(0.05)

    def _answers(self, name: str) -> bool:
        import psycopg

        try:
            self.sql("select 1", name, "postgres")
        except psycopg.OperationalError:  # it is starting up
            return False
        return True

    def _program(self, name: str, *words: Any) -> None:
        command = [*self.as_postgres, str(self.programs / name), *map(str, words)]  # type: ignore[operator]
        subprocess.run(command, check=True, capture_output=True, cwd="/", timeout=PATIENCE)

    def url(self, name: str) -> str:
        """The database of the press office on the primary or the replica."""
        return f"postgres://office@127.0.0.1:{self.ports[name]}/pressoffice"

    def sql(self, text: str, name: str = "primary", database: str = "pressoffice") -> Any:
        """The first value that a statement returns, on the primary or the replica."""
        import psycopg

        url = f"postgres://office@127.0.0.1:{self.ports[name]}/{database}"
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
            cursor = connection.execute(text)  # type: ignore[arg-type]
            row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None

    # --- The press office -------------------------------------------------------------------------

    def environment(self, name: str = "one") -> dict[str, str]:
        """The shipped variables, with the addresses of this machine."""
        text = adapted("pressoffice.env", {
            "SECRET_KEY=\n": f"SECRET_KEY={'a secret of the tests, not of an office ' * 2}\n",
            "postgres://pressoffice:PASSWORD@10.0.0.21/pressoffice?sslmode=require":
                self.url("primary"),
            "postgres://pressoffice:PASSWORD@10.0.0.22/pressoffice?sslmode=require":
                self.url("replica"),
            "redis://:PASSWORD@10.0.0.31": f"redis://127.0.0.1:{self.ports['redis']}",
            "/srv/pressoffice/var": str(self.place / "var"),
            "BIND=10.0.0.11:8000": f"BIND=127.0.0.1:{self.ports[name]}",
            # This machine has few cores, and much to do beside.
            "WEB_CONCURRENCY=4": "WEB_CONCURRENCY=1",
        })  # fmt: skip
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return kept | environment(text)

    def _prepare(self) -> None:
        """What an office does before its first start."""
        with open(self.place / "office.log", "ab") as log:
            self.office = subprocess.Popen(
                [sys.executable, "-m", "tests.machines"], cwd=ROOT, env=self.environment(),
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
                start_new_session=True,
            )  # fmt: skip
        self.processes["office"] = self.office
        assert self.ask("prepare", is_empty=not self.original) == "prepared"

    def ask(self, verb: str, **words: Any) -> Any:
        """Let the office do something; return what it says of it."""
        self.office.stdin.write(json.dumps([verb, words]) + "\n")  # type: ignore[union-attr]
        self.office.stdin.flush()  # type: ignore[union-attr]
        answer = self.office.stdout.readline()  # type: ignore[union-attr]
        assert answer, self.log("office")
        return json.loads(answer)

    def start_app(self, name: str) -> None:
        """Start an app host, as its unit does."""
        self.run(
            name,
            [sys.executable, "-m", "gunicorn", "-c", "pressoffice/gunicorn.conf.py",
             "pressoffice.wsgi"],
            env=self.environment(name),
        )  # fmt: skip

    def until_answers(self, name: str) -> None:
        """Wait until an app host answers: it listens before its workers are there."""
        self.until_listens(name)
        asked = http.client.HTTPConnection("127.0.0.1", self.ports[name], timeout=PATIENCE)
        asked.request("GET", "/healthz")
        assert asked.getresponse().read() == b"ok\n"
        asked.close()

    # --- nginx ------------------------------------------------------------------------------------

    def nginx_conf(self) -> Path:
        """Write what nginx is told: the shipped site within the least that nginx needs."""
        here, ports = self.place, self.ports
        (here / "current").symlink_to(ROOT)
        files = adapted("files.nginx.conf", {"/srv/pressoffice/var/": f"{here}/var/"})
        (here / "files.nginx.conf").write_text(files)
        site = adapted("pressoffice.nginx.conf", {
            "include /srv/pressoffice/current/pressoffice/deploy/files.nginx.conf":
                f"include {here}/files.nginx.conf",
            "/srv/pressoffice/": f"{here}/",
            "server 10.0.0.11:8000": f"server 127.0.0.1:{ports['one']}",
            "server 10.0.0.12:8000": f"server 127.0.0.1:{ports['two']}",
            "listen 80": f"listen 127.0.0.1:{ports['http']}",
            "listen 443": f"listen 127.0.0.1:{ports['https']}",
            "/etc/letsencrypt/live/press.example/": f"{here}/",
            "/var/log/nginx/": f"{here}/",
            "/dev/shm/": f"{here}/",
        })  # fmt: skip
        (here / "site.conf").write_text(site)
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        bodies = " ".join(f"{name}_temp_path {here}/{name};" for name in kinds)
        user = "user root;" if os.geteuid() == 0 else ""
        path = here / "nginx.conf"
        path.write_text(
            f"daemon off; {user} pid {here}/nginx.pid; error_log {here}/nginx.log;"
            "worker_processes 1; events { worker_connections 4096; }"
            f"http {{ include /etc/nginx/mime.types; sendfile on; tcp_nopush on; {bodies}"
            f"include {here}/site.conf; }}"
        )
        return path

    def _nginx(self) -> None:
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
             f"/CN={HOST}", "-keyout", str(self.place / "privkey.pem"),
             "-out", str(self.place / "fullchain.pem")],
            check=True, capture_output=True, timeout=PATIENCE,
        )  # fmt: skip
        path = str(self.nginx_conf())
        checked = subprocess.run(["nginx", "-t", "-c", path], capture_output=True, text=True)
        self.checked = checked.stderr
        assert checked.returncode == 0, checked.stderr
        self.run("nginx", ["nginx", "-c", path])
        self.until_listens("nginx", "https")


@contextlib.contextmanager
def machines(original: str = "") -> Iterator[Machines]:
    """All machines, started; and ended whatever happens."""
    made = Machines(original)
    try:
        made.start()
        yield made
    finally:
        made.stop()


# --- The office: does as it is told on its standard input -----------------------------------------


def _prepare(is_empty: bool) -> str:
    from django.core.management import call_command

    from events import roles
    from pressoffice import away

    if is_empty:
        call_command("migrate", verbosity=0)
        roles.setup_roles()
    # What readers' pages are made of: to compress all of the admin's takes half a minute.
    call_command("collectstatic", interactive=False, verbosity=0,
                 ignore_patterns=["admin", "django_prose_editor"])  # fmt: skip
    away.write()
    return "prepared"


def _staff() -> tuple[Any, Any]:
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Group

    found = []
    for name, role in (("writer", "Writer"), ("officer", "Press officer")):
        user, is_new = get_user_model().objects.get_or_create(username=name, is_staff=True)
        if is_new:
            user.groups.add(Group.objects.get(name=role))
        found.append(user)
    return found[0], found[1]


def _draft(slug: str, title: str) -> Any:
    from . import factories

    return factories.statement(
        "draft", title, slug=slug, ready_ru=False, ready_kk=False,
        title_en=title, body_en=f"<p>{title}. {'The text. ' * 200}</p>",
    )  # fmt: skip


def _approve(slug: str, title: str, at: float) -> str:
    """Approve an item for a moment. Only a verb's clock is set back: the one that asks for a
    minute's notice, which a test has not."""
    from events import visibility

    from . import acts

    writer, officer = _staff()
    earlier = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=2)
    with visibility.clock_set_to(lambda: earlier):
        acts.approved(_draft(slug, title), writer, officer, dt.datetime.fromtimestamp(at, dt.UTC))
    return slug


def _release(slug: str, title: str) -> float:
    """Release an item at once; return when that was committed."""
    from . import acts

    writer, officer = _staff()
    acts.released(_draft(slug, title), writer, officer)
    return time.time()


def main() -> None:
    """Do what each line says, and say what came of it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pressoffice.settings")
    import django

    django.setup()
    from django.db import connections

    verbs = {"prepare": _prepare, "approve": _approve, "release": _release}
    said, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        verb, words = json.loads(line)
        print(json.dumps(verbs[verb](**words)), file=said, flush=True)
        connections.close_all()


if __name__ == "__main__":
    main()
