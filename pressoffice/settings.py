"""The settings of a press office: one file, driven by the environment.

With nothing set it works on this machine alone: SQLite and a generated secret key in var/, hosts of
the loopback only. The moment a public host is named (in ALLOWED_HOSTS or SITE_URL) it refuses to
start until every decision that needs a person has been taken, and names all that are missing.

What the environment may say:

    SITE_URL               where readers find the site; every absolute address starts with it
    ALLOWED_HOSTS          further hosts that may be asked for, comma-separated
    SECRET_KEY             signs sessions; SECRET_KEY_FALLBACKS: former ones, while they rotate
    DATABASE_URL           postgres://user:password@host/name (or sqlite:////absolute/path)
    DATABASE_REPLICA_URL   a streaming replica of it, from which readers are answered while it is
                           no older (pressoffice/routing.py)
    DATABASE_POOL_MIN, DATABASE_POOL_MAX, DATABASE_POOL_TIMEOUT   connections per process, seconds
    DATABASE_STATEMENT_TIMEOUT   seconds after which PostgreSQL gives a statement up; 0: never. The
                           web server sets 10 (gunicorn.conf.py), commands none
    SQLITE_IN_PRODUCTION   1: a public site on SQLite is meant
    CACHE_URL              redis://host/0: one cache for several machines
    PAGES_CACHE_URL        redis://host/1: finished pages shared too; else each process has its own
    PAGES_MEMORY_MEGABYTES 16: finished pages that each process holds at most
    TRUSTED_PROXY          none, or x-forwarded-proto: a proxy in front sets (and overwrites) it,
                           and adds the reader's address to X-Forwarded-For
    API_RATE               120/m: so many requests of the open API from one address, in a second,
                           minute or hour (s, m, h); none: as many as come
    EMAIL_URL              submission://user:password@host; DEFAULT_FROM_EMAIL: who writes
    HSTS_PRELOAD           1: the owner of the whole domain agreed to browsers' preload lists
    PRESS_OFFICE_NAME_EN, PRESS_OFFICE_NAME_RU, PRESS_OFFICE_NAME_KK   whose record this is
    FURTHER_LANGUAGES      kk-latn:Qazaqşa: languages beside these, each named in itself,
                           comma-separated; then makemigrations, migrate and reindex
    OFFICE_TIME_ZONE       the clock on the office's wall
    STAFF_MFA              required: staff sign in with a passkey or a code besides the password, as
                           always on a public host; optional: they may (the default on this machine)
    SESSION_IDLE_MINUTES   after so long without a sign of life a session ends: 60
    OFFICE_HOURS           Mon-Fri 08:00-20:00: who signs in outside of them is told of, and their
                           Heads; none: at no hour
    UPLOAD_MAX_MEGABYTES, PHOTO_MAX_MEGAPIXELS   the largest file and picture that are taken
    ALLOW_ZIP_ATTACHMENTS  1: ZIP files may be attached, whatever is in them
    VAR_DIR                where state is kept, when not in var/
    S3_BUCKET              keeps files in an S3-compatible store (pip install .[s3]), with the keys
                           AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; S3_ENDPOINT_URL, S3_REGION
    X_ACCEL_REDIRECT       /stored/: nginx in front sends files itself (deploy/files.nginx.conf)
    WEBSUB_HUBS            hubs that are told of what is new, comma-separated (manage.py announce)
    LOG_LEVEL, DEBUG       DEBUG on this machine only
"""

import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()


def _read(kind: str, name: str, default: Any) -> Any:
    """Read one variable as `kind`; one that is set but empty counts as not set."""
    if not os.environ.get(name, "").strip():
        return default
    try:
        return getattr(env, kind)(name)
    except (EnvError, ValueError) as problem:
        raise ImproperlyConfigured(f"{name} cannot be understood: {problem}") from problem


# --- Where state is kept ------------------------------------------------------------------------

VAR_DIR = Path(_read("str", "VAR_DIR", BASE_DIR / "var")).absolute()


def _state_directory() -> Path:
    """Make the directory of everything that is not code, when it is first needed."""
    try:
        VAR_DIR.mkdir(mode=0o750, parents=True, exist_ok=True)
    except OSError as problem:
        raise ImproperlyConfigured(f"Cannot make {VAR_DIR}: {problem.strerror}.") from problem
    return VAR_DIR


def _generated_secret_key() -> str:
    """Return this machine's own key, making it on the first start.

    Several workers may start at once. Each writes a whole key under a name of its own and tries to
    link it into place; a link never replaces, so one wins, and all read what the winner wrote.
    """
    path = _state_directory() / "secret-key"
    try:
        if not path.exists():
            descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".secret-key-")  # 0600
            try:
                with open(descriptor, "w", encoding="ascii") as file:
                    file.write(secrets.token_urlsafe(64))
                    file.flush()
                    os.fsync(file.fileno())
                os.link(draft, path)
            except FileExistsError:
                pass
            finally:
                os.unlink(draft)
        return path.read_text(encoding="ascii").strip()
    except OSError as problem:
        raise ImproperlyConfigured(
            f"Cannot keep the secret key in {path}: {problem.strerror}. "
            "Make the directory writable, or set SECRET_KEY."
        ) from problem


# --- Who may ask, and at which address ----------------------------------------------------------

LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]

DEBUG = _read("bool", "DEBUG", False)

SITE_URL: str = _read("str", "SITE_URL", "http://127.0.0.1:8000").rstrip("/")
_site = urlsplit(SITE_URL)
if _site.scheme not in {"http", "https"} or not _site.hostname or _site.path or _site.query:
    raise ImproperlyConfigured(
        f"SITE_URL is {SITE_URL!r}: it must be a scheme and a host, such as https://press.example."
    )
_site_host = f"[{_site.hostname}]" if ":" in _site.hostname else _site.hostname

ALLOWED_HOSTS: list[str] = list(
    dict.fromkeys([*LOOPBACK, _site_host, *_read("list", "ALLOWED_HOSTS", [])])
)

HTTPS = _site.scheme == "https"


# --- The decisions that need a person -----------------------------------------------------------


def _undecided(environ: Mapping[str, str]) -> list[str]:
    """Name each setting that a public site must not guess, with what there is to decide."""
    said = {name for name, value in environ.items() if value.strip()}
    missing = []
    if "SECRET_KEY" not in said:
        missing.append("SECRET_KEY: at least 50 random characters that only this site knows")
    if "SITE_URL" not in said or not HTTPS or _site_host in LOOPBACK:
        missing.append("SITE_URL: the https:// address at which readers find the site")
    if "*" in ALLOWED_HOSTS:
        missing.append("ALLOWED_HOSTS: the names of the site; * would answer to any name")
    if "DATABASE_URL" not in said and not _read("bool", "SQLITE_IN_PRODUCTION", False):
        missing.append(
            "DATABASE_URL: a PostgreSQL database; or SQLITE_IN_PRODUCTION=1, if one machine will do"
        )
    if environ.get("TRUSTED_PROXY", "").strip() not in {"none", "x-forwarded-proto"}:
        missing.append(
            "TRUSTED_PROXY: none if readers reach this server directly, x-forwarded-proto if a "
            "proxy in front always sets that header itself"
        )
    if "EMAIL_URL" not in said:
        missing.append("EMAIL_URL: the mail server, such as submission://user:password@host")
    if environ.get("STAFF_MFA", "").strip() not in {"", "required"}:
        missing.append(
            "STAFF_MFA: required, or not set; one stolen password must not open a public site"
        )
    if "DEFAULT_FROM_EMAIL" not in said:
        missing.append("DEFAULT_FROM_EMAIL: the address that the office writes from")
    if DEBUG:
        missing.append("DEBUG: must be off, its error pages show the inside of the site")
    return missing


_public_hosts = [host for host in ALLOWED_HOSTS if host not in LOOPBACK]
IS_PUBLIC = bool(_public_hosts)
if IS_PUBLIC and (_missing := _undecided(os.environ)):
    raise ImproperlyConfigured(
        f"{', '.join(_public_hosts)} is public, and not every decision has been taken. "
        "Set in the environment:\n" + "\n".join(f"  - {decision}" for decision in _missing)
    )

SECRET_KEY: str = _read("str", "SECRET_KEY", None) or _generated_secret_key()
SECRET_KEY_FALLBACKS: list[str] = _read("list", "SECRET_KEY_FALLBACKS", [])


# --- What it is made of -------------------------------------------------------------------------

INSTALLED_APPS = [
    "events.apps.EventsConfig",
    "events.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    # Lets templates/django/forms/ restyle every form of the site, staff and public.
    "django.forms",
    "django_filters",
    "django_prose_editor",
    "csp",
    # How staff sign in; which of its pages there are, events/admin/accounts.py says.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

# From the outside in. Finished pages are handed out before any of it (events/public/front.py).
MIDDLEWARE = [
    # Numbers the request before anything of it is written down.
    "events.clients.AskingMiddleware",
    # The balancer asks by address, not by name, and without TLS.
    "events.public.machine.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    # Static files are answered here and need nothing below.
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Fixes the request's one moment before anything asks for the time.
    "events.visibility.OneMomentMiddleware",
    "pressoffice.headers.ContentSecurityPolicy",
    "pressoffice.headers.IsolationHeaders",
    "pressoffice.headers.KnownMethods",
    # How often programs may ask: what it says of one of them is in no cache.
    "events.public.ratelimit.RateLimitMiddleware",
    "events.public.freshness.FreshnessMiddleware",
    "events.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Readers go no further: public addresses know no session, no account and no form.
    "pressoffice.doors.Doors",
    # What stands below is for STAFF_DOORS alone.
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    # Who is signed in, for as long as their session, their roles and their account stand.
    "events.signin.middleware.StaffSessionMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    # Who has no second factor where one is required goes no further; who must sign in anew does.
    "events.signin.middleware.StaffDoorMiddleware",
]

ROOT_URLCONF = "pressoffice.urls"
WSGI_APPLICATION = "pressoffice.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                # For staff: readers have neither.
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


# --- Database -----------------------------------------------------------------------------------

# Writers wait for each other instead of failing: IMMEDIATE takes the write lock at BEGIN, where the
# timeout applies; a deferred transaction that turns writer midway is refused at once. FULL: a
# committed release survives a power cut.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON",
}


def _database(name: str) -> dict[str, Any]:
    """Return the database that the variable `name` tells of, or SQLite in var/."""
    database: dict[str, Any] = _read("dj_db_url", name, {})
    if not database:
        database = {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": _state_directory() / "db.sqlite3",
        }
    options = dict(database.get("OPTIONS", {}))
    if database["ENGINE"] == "django.db.backends.sqlite3":
        options = SQLITE_OPTIONS | options
    elif database["ENGINE"] == "django.db.backends.postgresql":
        # Whoever has waited for so long gets a 503 instead of holding a thread.
        slow = _read("float", "DATABASE_STATEMENT_TIMEOUT", 0.0)
        limits = {"options": f"-c statement_timeout={slow * 1000:.0f}"} if slow else {}
        options = (
            limits
            | {
                "application_name": "pressoffice",
                "connect_timeout": 3,
                # The pool keeps connections across requests; Django itself must then keep none.
                "pool": {
                    "min_size": _read("int", "DATABASE_POOL_MIN", 1),
                    "max_size": _read("int", "DATABASE_POOL_MAX", 10),
                    "timeout": _read("float", "DATABASE_POOL_TIMEOUT", 3.0),
                    # Each of its tries comes twice as late. Given up soon, it begins anew whenever
                    # a connection is asked for, and is there again with the database.
                    "reconnect_timeout": 3.0,
                },
            }
            | options
        )
    else:
        raise ImproperlyConfigured(f"{name} must be postgres://… or sqlite://…")
    return database | {
        "OPTIONS": options,
        "CONN_MAX_AGE": 0,
        # A connection that died with a restarted server is noticed before it is handed out.
        "CONN_HEALTH_CHECKS": True,
        # A verb opens its own transaction, as long as it needs and no longer; reading needs none.
        "ATOMIC_REQUESTS": False,
    }


def _replica() -> dict[str, Any]:
    """Return the database that DATABASE_REPLICA_URL names: one snapshot for the queries of a
    request, and nobody waits for a replica that is away, since the primary is not."""
    from psycopg import IsolationLevel

    database = _database("DATABASE_REPLICA_URL")
    if {database["ENGINE"], DATABASES["default"]["ENGINE"]} != {"django.db.backends.postgresql"}:
        raise ImproperlyConfigured("DATABASE_REPLICA_URL is for PostgreSQL, as DATABASE_URL is.")
    options = database["OPTIONS"]
    said = f"{options.get('options', '')} -c default_transaction_read_only=on".strip()
    return database | {
        "OPTIONS": options
        | {
            "isolation_level": IsolationLevel.REPEATABLE_READ,
            "options": said,
            "connect_timeout": 1,
            "pool": options["pool"] | {"timeout": 0.3},
        },
    }


DATABASES = {"default": _database("DATABASE_URL")}
if _read("str", "DATABASE_REPLICA_URL", ""):
    DATABASES["replica"] = _replica()
    DATABASE_ROUTERS = ["pressoffice.routing.ReplicaRouter"]


# --- Caches -------------------------------------------------------------------------------------


def _redis(name: str, prefix: str, timeout: int) -> dict[str, Any] | None:
    """Return the Redis cache that the variable `name` tells of, or None."""
    url = _read("str", name, "")
    if not url:
        return None
    if urlsplit(url).scheme not in {"redis", "rediss", "unix"}:
        raise ImproperlyConfigured(f"{name} must be redis://…, rediss://… or unix://…")
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": url,
        "KEY_PREFIX": prefix,
        "TIMEOUT": timeout,
        # A cache that does not answer must not hold a page up.
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }


# Megabytes of finished pages that a process holds; half as much again of answers that follow from
# the state of the record.
PAGES_MEMORY_MEGABYTES: int = _read("int", "PAGES_MEMORY_MEGABYTES", 16)

_shared_cache = _redis("CACHE_URL", "pressoffice", 300)
CACHES = {
    # Limits and sign-in: every process must see the same, so local memory will not do.
    "default": _shared_cache
    or {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entries",
        "TIMEOUT": 300,
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
    # Counts of what readers' programs ask: two writes to a database would cost more than most of
    # the answers. Without Redis each process counts its own, and lets so much more through.
    "limits": _shared_cache
    or {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "limits",
        "TIMEOUT": 3600,
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    # Answers made from a state of the record, and, where it is shared, finished pages: these are
    # gone with their second, so each process may have its own.
    "pages": _redis("PAGES_CACHE_URL", "pages", 600)
    or {
        "BACKEND": "events.public.bounded.BoundedCache",
        "LOCATION": "pages",
        "TIMEOUT": 600,
        "OPTIONS": {"MAX_ENTRIES": 1_000, "MAX_BYTES": PAGES_MEMORY_MEGABYTES * 500_000},
    },
}


# --- Languages, and whose clock -----------------------------------------------------------------

# The languages are columns of the database (title_en, title_ru, title_kk): a further one is this
# setting and a migration, which makemigrations writes. Each is named in itself, never translated.
LANGUAGES = [("en", "English"), ("ru", "Русский"), ("kk", "Қазақша")]


def _further_languages() -> list[tuple[str, str]]:
    """The languages that the environment adds, as code and name."""
    found = []
    for each in _read("list", "FURTHER_LANGUAGES", []):
        code, _colon, name = (part.strip() for part in each.partition(":"))
        known = [*LANGUAGES, *found]
        # The column of the search index that holds a code has room for eight letters.
        if not re.fullmatch("[a-z]{2,3}(-[a-z0-9]{2,5})?", code) or len(code) > 8 or not name:
            raise ImproperlyConfigured(
                f"FURTHER_LANGUAGES names {each!r}: each must be a code of at most eight letters"
                " and the language's own name, such as kk-latn:Qazaqşa."
            )
        if code in dict(known):
            raise ImproperlyConfigured(f"FURTHER_LANGUAGES names {code!r}, which is there already.")
        found.append((code, name))
    return found


LANGUAGES += _further_languages()
LANGUAGE_CODE = "en"
# Of a text that is in both, the first counts: ours, then what libraries lack (library_texts.py).
LOCALE_PATHS = [
    BASE_DIR / "pressoffice" / "locale",
    BASE_DIR / "pressoffice" / "locale_libraries",
]
USE_I18N = True
FORMAT_MODULE_PATH = ["pressoffice.formats"]

# Moments are stored in UTC; a page names the zone of every time it shows.
USE_TZ = True
TIME_ZONE = "UTC"
OFFICE_TIME_ZONE: str = _read("str", "OFFICE_TIME_ZONE", "Asia/Almaty")
if OFFICE_TIME_ZONE not in available_timezones():
    raise ImproperlyConfigured(
        f"OFFICE_TIME_ZONE is {OFFICE_TIME_ZONE!r}: it must be a zone such as Asia/Almaty."
    )

OFFICE_NAMES: dict[str, str] = {
    "en": _read("str", "PRESS_OFFICE_NAME_EN", "Press Office"),
    "ru": _read("str", "PRESS_OFFICE_NAME_RU", "Пресс-служба"),
    "kk": _read("str", "PRESS_OFFICE_NAME_KK", "Баспасөз қызметі"),
}
for _code, _name in LANGUAGES[len(OFFICE_NAMES) :]:
    # Until it is set, the name in the language that this is a form of.
    OFFICE_NAMES[_code] = _read(
        "str", f"PRESS_OFFICE_NAME_{_code.upper().replace('-', '_')}",
        OFFICE_NAMES.get(_code.partition("-")[0], OFFICE_NAMES["en"]),
    )  # fmt: skip


# --- Files --------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    # The pages' one stylesheet, put together from static/css/ when it is looked for.
    "pressoffice.stylesheet.StylesheetFinder",
]

# Uploads are private. Bytes leave only through the gate, which asks whether their holder is public;
# so no address is ever derived from a file's name, and FieldFile.url raises.
MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = None
# Where nginx serves MEDIA_ROOT, to this server's answers alone: see deploy/files.nginx.conf.
X_ACCEL_REDIRECT: str = _read("str", "X_ACCEL_REDIRECT", "")
if X_ACCEL_REDIRECT and not (X_ACCEL_REDIRECT.startswith("/") and X_ACCEL_REDIRECT.endswith("/")):
    raise ImproperlyConfigured(
        f"X_ACCEL_REDIRECT is {X_ACCEL_REDIRECT!r}: it must be a path such as /stored/."
    )

# An office of several machines keeps its files in an S3-compatible store that they share.
S3_BUCKET: str = _read("str", "S3_BUCKET", "")
if S3_BUCKET and X_ACCEL_REDIRECT:
    raise ImproperlyConfigured("X_ACCEL_REDIRECT is for files on this machine, S3_BUCKET is not.")
_files: dict[str, Any] = {"BACKEND": "events.blobs.BlobStorage"}
if S3_BUCKET:
    _files = {
        "BACKEND": "events.bucket.BucketStorage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": _read("str", "S3_ENDPOINT_URL", None),
            "region_name": _read("str", "S3_REGION", None),
            # On its way to a reader a larger file is on this machine's disk, not in its memory.
            "max_memory_size": 2_500_000,
        },
    }

STORAGES = {
    "default": _files,
    # Hashed names may be kept by browsers for ever. A file that the manifest does not know is an
    # error at once rather than a missing picture one day.
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o640
# Nobody else's pages load our fonts or styles.
WHITENOISE_ALLOW_ALL_ORIGINS = False

# The largest file that is taken, and the largest picture: memory goes by its pixels, four bytes
# each.
UPLOAD_MAX_MEGABYTES: int = _read("int", "UPLOAD_MAX_MEGABYTES", 100)
PHOTO_MAX_MEGAPIXELS: int = _read("int", "PHOTO_MAX_MEGAPIXELS", 50)
# Nobody can tell what readers will find in one.
ALLOW_ZIP_ATTACHMENTS: bool = _read("bool", "ALLOW_ZIP_ATTACHMENTS", False)
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "events.files.handlers.CarefulFileHandler",
]

# A statement has its full text in three languages and many quotes beside it, in one form.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000


# Hubs of WebSub: they tell subscribers, so that these need not ask. Feeds name them; the command
# `announce` tells them.
WEBSUB_HUBS: list[str] = _read("list", "WEBSUB_HUBS", [])
for _hub in map(urlsplit, WEBSUB_HUBS):
    if not _hub.hostname or _hub.scheme not in {"https", *(() if IS_PUBLIC else ("http",))}:
        raise ImproperlyConfigured(
            f"WEBSUB_HUBS names {_hub.geturl()!r}: each hub must be an https:// address."
        )


# --- Staff --------------------------------------------------------------------------------------


def _office_hours(text: str) -> tuple[int, int, int, int] | tuple[()]:
    """The first and last day and the minutes of the day that "Mon-Fri 08:00-20:00" stands for."""
    if text == "none":
        return ()
    days = "Mon Tue Wed Thu Fri Sat Sun".split()
    one, hour = f"({'|'.join(days)})", "([01][0-9]|2[0-4]):([0-5][0-9])"
    match = re.fullmatch(f"{one}-{one} {hour}-{hour}", text)
    if match is None:
        raise ImproperlyConfigured(
            f"OFFICE_HOURS is {text!r}: it must be such as Mon-Fri 08:00-20:00, or none."
        )
    first, last, *clock = match.groups()
    hours = [int(each) for each in clock]
    return (days.index(first), days.index(last), hours[0] * 60 + hours[1],
            hours[2] * 60 + hours[3])  # fmt: skip


# The first word of every address at which staff work. These alone may look at a cookie, choose
# their language by it, and get the policy below that their editor needs.
STAFF_DOORS = frozenset({"accounts", "admin", "preview", "rehearsal"})
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
AUTHENTICATION_BACKENDS = ["events.signin.backend.StaffBackend"]

# Whether a password alone lets somebody in. On a public host it never does: see _undecided.
STAFF_MFA: str = _read("str", "STAFF_MFA", "required" if IS_PUBLIC else "optional")
if STAFF_MFA not in {"required", "optional"}:
    raise ImproperlyConfigured(f"STAFF_MFA is {STAFF_MFA!r}: it must be required or optional.")

# Length, not composition: NIST SP 800-63B-4, 3.1.1.2. People who must mix signs choose Password1!.
# Beside a second factor fewer will do; none is ever made to change one that is not known.
PASSWORD_MIN_LENGTH = 12 if STAFF_MFA == "required" else 15
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": PASSWORD_MIN_LENGTH},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = ["events.signin.passwords.NormalisingHasher"]

# Sign-in is allauth's, its limits are ours (events/signin/tries.py): allauth's answer 200, and
# count by what anybody may claim to be.
ACCOUNT_ADAPTER = "events.signin.adapter.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {"login": "", "login_failed": "", "reauthenticate": ""}
ACCOUNT_FORMS = {"login": "events.signin.forms.SignInForm"}
MFA_ADAPTER = "events.signin.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# A passkey stands for both factors: something that one has, opened by what one knows or is.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
# Clocks of telephones differ: a code of half a minute ago or to come counts, once.
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RATE_LIMITS = {"webauthn_login": ""}
MFA_FORMS = {
    "authenticate": "events.signin.forms.CodeForm",
    "authenticate_webauthn": "events.signin.forms.KeyForm",
    "login_webauthn": "events.signin.forms.KeySignInForm",
}
# So recently one must have shown who one is, before what cannot wait for a second person.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60

SESSION_ENGINE = (
    "django.contrib.sessions.backends.cached_db"
    if _shared_cache
    else "django.contrib.sessions.backends.db"
)
SESSION_COOKIE_AGE = 12 * 60 * 60  # a working day; an embargo is not left open on a desk for weeks
SESSION_IDLE_MINUTES: int = _read("int", "SESSION_IDLE_MINUTES", 60)
if SESSION_IDLE_MINUTES < 1:
    raise ImproperlyConfigured("SESSION_IDLE_MINUTES must be at least 1.")
# Days (0 is Monday) and minutes of the day, on the office's clock; () where every hour will do.
OFFICE_HOURS: tuple[int, int, int, int] | tuple[()] = _office_hours(
    _read("str", "OFFICE_HOURS", "Mon-Fri 08:00-20:00")
)
SESSION_COOKIE_HTTPONLY = True
# Lax, so that a link to an item in a colleague's mail opens it instead of the sign-in page.
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "events.admin.refusals.expired"
CSRF_COOKIE_SAMESITE = "Strict"
# Kept on the server: a message may name an embargoed item, a cookie lies on disks.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"


# --- Security -----------------------------------------------------------------------------------

SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
if HTTPS:
    # The prefix makes browsers refuse a cookie that a sister host tries to plant.
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
SECURE_SSL_REDIRECT = HTTPS
# A load balancer asks from inside, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS and _read("bool", "HSTS_PRELOAD", False)
# W021 asks for preloading. That binds the whole domain for years: its owner decides, not we.
SILENCED_SYSTEM_CHECKS = [] if SECURE_HSTS_PRELOAD else ["security.W021"]
BEHIND_PROXY: bool = _read("str", "TRUSTED_PROXY", "none") == "x-forwarded-proto"
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# So many requests of the open API from one address: "120/m"; "" for no limit.
API_RATE: str = _read("str", "API_RATE", "120/m")
API_RATE = "" if API_RATE == "none" else API_RATE
if API_RATE and not re.fullmatch("[1-9][0-9]{0,6}/[smh]", API_RATE, re.ASCII):
    raise ImproperlyConfigured(
        f"API_RATE is {API_RATE!r}: it must be a number in a time, such as 120/m, or none."
    )
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# What a public page may load: our own files, nothing inline. No nonce: its bytes are the same for
# everybody.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "script-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# Where staff work (see pressoffice/headers.py): the rich-text editor writes an import map into the
# page, which the nonce allows, and one style sheet of its own, which its hash allows.
PROSE_EDITOR_STYLE_HASH = "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"
STAFF_CONTENT_SECURITY_POLICY = CONTENT_SECURITY_POLICY["DIRECTIVES"] | {
    "style-src": [SELF, NONCE, PROSE_EDITOR_STYLE_HASH],
    "script-src": [SELF, NONCE],
    # Pictures being chosen for upload are shown before they are sent.
    "img-src": [SELF, "blob:", "data:"],
}


# --- Mail and log -------------------------------------------------------------------------------

_email = _read("dj_email_url", "EMAIL_URL", {})
# Without a mail server, what would be sent is shown where the server runs.
EMAIL_BACKEND = _email.get("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = _email.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = _email.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = _email.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = _email.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = _email.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _email.get("EMAIL_USE_SSL", False)
EMAIL_FILE_PATH = _email.get("EMAIL_FILE_PATH") or None
EMAIL_TIMEOUT = _email.get("EMAIL_TIMEOUT") or 10
DEFAULT_FROM_EMAIL: str = _read("str", "DEFAULT_FROM_EMAIL", "press-office@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Everything to standard error, one line of JSON each, where whatever runs the server collects it.
# (Django's own default writes nothing at all unless DEBUG is on.)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "pressoffice.logs.JSONLines"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["console"], "level": _read("str", "LOG_LEVEL", "INFO").upper()},
    "loggers": {
        # Django attaches handlers of its own here; without them each line is written once.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
        # A 404 is written down once, and alike whoever answers it (pressoffice/logs.py).
        "django.request": {"level": "ERROR"},
    },
}
