"""The settings read the environment, so each case is a process of its own."""

import base64
import hashlib
import json
import os
import re
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import django_prose_editor
import pytest
from django.conf import settings

pytestmark = pytest.mark.subprocess

PRODUCTION = {
    "SITE_URL": "https://press.example",
    "SECRET_KEY": "".join(chr(ord("!") + number % 90) for number in range(7, 77)),
    "DATABASE_URL": "postgres://office@127.0.0.1:5432/office",
    "TRUSTED_PROXY": "x-forwarded-proto",
    "EMAIL_URL": "submission://user:secret@mail.example",
    "DEFAULT_FROM_EMAIL": "press@press.example",
}
SHOW = """
import json, sys
from pressoffice import settings
json.dump({name: getattr(settings, name, None) for name in sys.argv[1:]}, sys.stdout, default=str)
"""


def run(var: Path, *command: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run Python with nothing in the environment but `environ`."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(var), **environ},
        capture_output=True,
        text=True,
        timeout=120,
    )


def read(var: Path, *names: str, **environ: str) -> dict:
    """Return the settings `names` as a process with this environment has them."""
    shown = run(var, "-c", SHOW, *names, **environ)
    assert shown.stderr == ""
    return json.loads(shown.stdout)


def refusal(var: Path, **environ: str) -> str:
    """Return what the office says instead of starting."""
    refused = run(var, "manage.py", "check", **environ)
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    return refused.stderr


def test_nothing_set_means_sqlite_and_loopback_only(tmp_path):
    found = read(
        tmp_path / "var", "DEBUG", "ALLOWED_HOSTS", "SITE_URL", "IS_PUBLIC", "DATABASES", "CACHES"
    )
    database = found.pop("DATABASES")["default"]
    caches = found.pop("CACHES")
    assert found == {
        "DEBUG": False,
        "ALLOWED_HOSTS": ["127.0.0.1", "localhost", "[::1]"],
        "SITE_URL": "http://127.0.0.1:8000",
        "IS_PUBLIC": False,
    }
    assert database["ENGINE"] == "django.db.backends.sqlite3"
    assert database["NAME"] == str(tmp_path / "var" / "db.sqlite3")
    assert database["OPTIONS"] == {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON",
    }
    assert database["ATOMIC_REQUESTS"] is False
    assert caches["default"]["BACKEND"] == "django.core.cache.backends.db.DatabaseCache"
    assert caches["pages"]["BACKEND"] == "events.public.bounded.BoundedCache"


def test_an_empty_variable_counts_as_not_set(tmp_path):
    empty = dict.fromkeys([*PRODUCTION, "ALLOWED_HOSTS", "DEBUG", "CACHE_URL"], "")
    assert read(tmp_path, "SITE_URL", "IS_PUBLIC", **empty) == {
        "SITE_URL": "http://127.0.0.1:8000",
        "IS_PUBLIC": False,
    }


def test_the_secret_key_is_made_once_and_for_its_owner_alone(tmp_path):
    first = read(tmp_path, "SECRET_KEY")["SECRET_KEY"]
    path = tmp_path / "secret-key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text() == first
    assert len(first) >= 50
    assert read(tmp_path, "SECRET_KEY")["SECRET_KEY"] == first
    assert [entry.name for entry in tmp_path.iterdir()] == ["secret-key"]


def test_workers_that_start_at_once_share_one_secret_key(tmp_path):
    with ThreadPoolExecutor(6) as pool:
        keys = list(pool.map(lambda _: read(tmp_path, "SECRET_KEY")["SECRET_KEY"], range(6)))
    assert len(set(keys)) == 1


def test_a_state_directory_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    assert refusal(tmp_path / "file" / "var").count("\n") == 1


@pytest.mark.parametrize(
    "public", [{"ALLOWED_HOSTS": "press.example"}, {"SITE_URL": "http://press.example"}]
)
def test_a_public_host_with_nothing_decided_is_refused_naming_every_decision(tmp_path, public):
    message = refusal(tmp_path, **public)
    assert re.findall(r"^  - (\w+):", message, re.MULTILINE) == [
        "SECRET_KEY",
        "SITE_URL",
        "DATABASE_URL",
        "TRUSTED_PROXY",
        "EMAIL_URL",
        "DEFAULT_FROM_EMAIL",
    ]
    assert not (tmp_path / "secret-key").exists()


@pytest.mark.parametrize("missing", PRODUCTION)
def test_a_public_host_is_refused_for_each_decision_alone(tmp_path, missing):
    environ = PRODUCTION | {"ALLOWED_HOSTS": "press.example", missing: ""}
    assert re.findall(r"^  - (\w+):", refusal(tmp_path, **environ), re.MULTILINE) == [missing]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SITE_URL", "http://press.example"),
        ("TRUSTED_PROXY", "perhaps"),
        ("ALLOWED_HOSTS", "*"),
        ("DEBUG", "1"),
    ],
)
def test_a_decision_that_endangers_a_public_site_is_refused(tmp_path, name, value):
    message = refusal(tmp_path, **PRODUCTION | {name: value})
    assert re.findall(r"^  - (\w+):", message, re.MULTILINE) == [name]


def test_sqlite_on_a_public_host_is_accepted_when_it_is_said(tmp_path):
    environ = PRODUCTION | {"DATABASE_URL": "", "SQLITE_IN_PRODUCTION": "1"}
    engine = read(tmp_path, "DATABASES", **environ)["DATABASES"]["default"]["ENGINE"]
    assert engine == "django.db.backends.sqlite3"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SITE_URL", "press.example"),
        ("SITE_URL", "https://press.example/site"),
        ("DATABASE_URL", "mysql://127.0.0.1/office"),
        ("DATABASE_URL", "nonsense"),
        ("CACHE_URL", "memcached://127.0.0.1"),
        ("DEBUG", "perhaps"),
        ("OFFICE_TIME_ZONE", "Asia/Nowhere"),
        ("DATABASE_POOL_MAX", "many"),
        ("X_ACCEL_REDIRECT", "stored"),
        ("API_RATE", "often"),
        ("API_RATE", "0/m"),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused_by_its_name(tmp_path, name, value):
    environ = {"DATABASE_URL": "postgres://127.0.0.1/office", name: value}
    message = refusal(tmp_path, **environ)
    assert message.startswith(name)
    assert message.count("\n") == 1


def test_a_postgresql_url_gives_a_pool(tmp_path):
    environ = {"DATABASE_URL": PRODUCTION["DATABASE_URL"], "DATABASE_POOL_MAX": "7"}
    database = read(tmp_path, "DATABASES", **environ)["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert database["OPTIONS"]["pool"] == {
        "min_size": 1, "max_size": 7, "timeout": 3.0, "reconnect_timeout": 3.0,
    }  # fmt: skip
    assert "options" not in database["OPTIONS"]
    assert database["CONN_MAX_AGE"] == 0
    assert database["NAME"] == "office"


def test_a_redis_url_gives_the_shared_cache_and_leaves_pages_to_each_process(tmp_path):
    found = read(tmp_path, "CACHES", "SESSION_ENGINE", CACHE_URL="redis://127.0.0.1:6379/0")
    assert found["CACHES"]["default"]["BACKEND"] == "django.core.cache.backends.redis.RedisCache"
    assert found["CACHES"]["pages"]["BACKEND"] == "events.public.bounded.BoundedCache"
    assert found["CACHES"]["limits"] == found["CACHES"]["default"]
    assert found["SESSION_ENGINE"] == "django.contrib.sessions.backends.cached_db"


@pytest.mark.parametrize(
    ("environ", "rate", "behind"),
    [({}, "120/m", False), ({"API_RATE": "none", "TRUSTED_PROXY": "x-forwarded-proto"}, "", True)],
)
def test_programs_are_limited_unless_it_is_said_that_they_are_not(tmp_path, environ, rate, behind):
    found = read(tmp_path, "API_RATE", "BEHIND_PROXY", "CACHES", **environ)
    assert (found["API_RATE"], found["BEHIND_PROXY"]) == (rate, behind)
    assert found["CACHES"]["limits"]["BACKEND"] == "django.core.cache.backends.locmem.LocMemCache"


def test_an_https_site_keeps_its_cookies_to_itself(tmp_path):
    found = read(
        tmp_path,
        *("ALLOWED_HOSTS", "SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"),
        *("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SECURE_PROXY_SSL_HEADER"),
        **PRODUCTION,
    )
    assert found == {
        "ALLOWED_HOSTS": ["127.0.0.1", "localhost", "[::1]", "press.example"],
        "SECURE_SSL_REDIRECT": True,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SESSION_COOKIE_NAME": "__Host-sessionid",
        "CSRF_COOKIE_NAME": "__Host-csrftoken",
        "SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"],
    }


def test_no_header_is_trusted_where_no_proxy_was_promised(tmp_path):
    environ = PRODUCTION | {"TRUSTED_PROXY": "none"}
    found = read(tmp_path, "SECURE_PROXY_SSL_HEADER", **environ)
    assert found == {"SECURE_PROXY_SSL_HEADER": None}


def test_check_deploy_is_silent_with_production_settings(tmp_path):
    checked = run(
        tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION
    )
    assert checked.stderr == ""
    assert checked.stdout == "System check identified no issues (1 silenced).\n"
    assert checked.returncode == 0


def test_the_hash_in_the_policy_is_that_of_the_editor_installed():
    editor = Path(django_prose_editor.__file__).parent / "static/django_prose_editor/editor.js"
    style = re.search(r"=`(\.ProseMirror \{[^`\\$]*)`", editor.read_text(encoding="utf-8"))[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" == settings.PROSE_EDITOR_STYLE_HASH


def test_the_servers_statements_are_given_up_in_time(tmp_path):
    environ = {"DATABASE_URL": PRODUCTION["DATABASE_URL"], "DATABASE_STATEMENT_TIMEOUT": "2.5"}
    limited = read(tmp_path, "DATABASES", **environ)["DATABASES"]["default"]
    assert limited["OPTIONS"]["options"] == "-c statement_timeout=2500"
