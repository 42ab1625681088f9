"""Settings, read from the environment; docs/operating.md lists every name.

Without any variable the settings are those of production: a missing secret or host stops the start. `DEMO=1` is the
embedded set-up of `make run`: SQLite and Celery's filesystem transport under var/, on this computer only.
"""

import os
import secrets
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from elearn.cms_settings import *  # noqa: F403
from elearn.log_settings import logging_settings
from elearn.login_settings import *  # noqa: F403
from elearn.login_settings import oidc_apps

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = env.str(name, default=default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be one of: {', '.join(allowed)}.")
    return value


def flag(name: str, default: bool) -> bool:
    value = choice(name, "1" if default else "0", ("0", "1", "true", "false", "yes", "no"))
    return value in ("1", "true", "yes")


def number(name: str, default: int, smallest: int = 0) -> int:
    value = env.str(name, default=str(default))
    if not value.isdecimal() or int(value) < smallest:
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be a whole number, {smallest} or more.")
    return int(value)


def make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"STATE_DIR: {folder} cannot be made: {error.strerror}.") from None


def demo_secret_key(file: Path) -> str:
    """The demo's own key, made on its first start and readable by its owner alone."""
    if not file.exists():
        make_folder(file.parent)
        draft = file.with_name(f".secret_key.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as text:
            text.write(secrets.token_urlsafe(50))
        try:
            os.link(draft, file)  # Of two processes that start at once, the first decides.
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text().strip()


# --- Where this runs ---------------------------------------------------------------------------------------------

DEMO = flag("DEMO", default=False)
DEBUG = flag("DEBUG", default=False)
LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]", "testserver")
STATE_DIR = Path(env.str("STATE_DIR", default=str(BASE_DIR / "var"))).resolve()
PORT = number("PORT", 8000, smallest=1)
BIND = env.str("BIND", default="127.0.0.1")
WEB_WORKERS = number("WEB_WORKERS", 2, smallest=1)
WEB_THREADS = number("WEB_THREADS", 4, smallest=1)
SITE_URL = env.str("SITE_URL", default=f"http://localhost:{PORT}" if DEMO else "").rstrip("/")
SITE_NAME = env.str("SITE_NAME", default="Elearn")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=list(LOCAL_HOSTS) if DEMO else [])
SECRET_KEY = env.str("SECRET_KEY", default="")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
if not SECRET_KEY and DEMO:
    SECRET_KEY = demo_secret_key(STATE_DIR / "secret_key")
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY is not set. Set it to a long random text that nobody else knows.")
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS is not set. Set it to the names of this site, separated by commas.")
if not SITE_URL.startswith(("http://", "https://")):
    raise ImproperlyConfigured("SITE_URL is not set. Set it to this site's address, e.g. https://learn.example.org.")

# --- What it is made of ------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.locales",
    "wagtail",
    "modelcluster",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    # Ours come last, the lower ones first: when portal hears that everything is migrated, everything is there.
    "elearn.core",
    "elearn.people",
    "elearn.messages",
    "courses",
    "assessments",
    "certificates",
    "elearn.programme",
    "elearn.portal",
]

MIDDLEWARE = [
    "elearn.core.middleware.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Safe beside secrets in a page: CSRF tokens are masked anew each time, and Django pads what it compresses.
    "elearn.core.middleware.CompressText",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "elearn.core.middleware.ContentPolicyMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "elearn.people.middleware.SecondFactorMiddleware",
    "elearn.people.notice_gate.PrivacyNoticeMiddleware",
]

ROOT_URLCONF = "elearn.urls"
WSGI_APPLICATION = "elearn.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "elearn.portal.context.site",
            ],
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Data --------------------------------------------------------------------------------------------------------

DATABASE_URL = env.str("DATABASE_URL", default="")
if not DATABASE_URL and not DEMO:
    raise ImproperlyConfigured("DATABASE_URL is not set. Set it to, for example, postgres://user:password@host/name.")
EMBEDDED: dict[str, Any] = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(STATE_DIR / "db.sqlite3")}
DATABASES = {"default": env.db_url_config(DATABASE_URL) if DATABASE_URL else EMBEDDED}
EMBEDDED_DATABASE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
# WAL and IMMEDIATE let many writers queue for the one lock of SQLite instead of failing with "database is locked".
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON",
}
if EMBEDDED_DATABASE:
    make_folder(STATE_DIR)  # SQLite makes its files, but no folder for them.
    DATABASES["default"] |= {"OPTIONS": SQLITE_OPTIONS, "CONN_MAX_AGE": 60}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = number("CONN_MAX_AGE", 60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    if DATABASES["default"]["ENGINE"].endswith("postgresql") and flag("DATABASE_PREPARES", True):
        # PostgreSQL plans what a connection asks again and again only once; planning is most of what pages cost it.
        DATABASES["default"].setdefault("OPTIONS", {}).update(server_side_binding=True, prepare_threshold=5)

CACHE_URL = env.str("CACHE_URL", default="")
if CACHE_URL:
    CACHES = {"default": env.cache_url_config(CACHE_URL)}
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
if CACHES["default"]["BACKEND"].endswith(".DatabaseCache"):
    # At Django's 300 rows the counts of failed logins would be thrown away while they still matter.
    CACHES["default"].setdefault("OPTIONS", {})["MAX_ENTRIES"] = 100_000
if EMBEDDED_DATABASE and not CACHE_URL:
    # In a file of its own, so that counting requests never waits for the lock on learners' records.
    DATABASES["cache"] = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": STATE_DIR / "cache.sqlite3",
        "OPTIONS": {**SQLITE_OPTIONS, "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF"},
    }
    DATABASE_ROUTERS = ["elearn.core.routers.CacheRouter"]

# What every process may remember for itself for a moment: which privacy notice is in effect.
CACHES["local"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "local"}

# Places are texts, not paths: Wagtail hands them to a task, as JSON, when a file is to be deleted.
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(STATE_DIR / "media"), "base_url": "/media/"},
    },
    "private": {
        "BACKEND": "elearn.core.storages.PrivateStorage",
        "OPTIONS": {"location": str(STATE_DIR / "private")},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_URL = "/media/"
MEDIA_ROOT = STATE_DIR / "media"
STATIC_URL = "/static/"
STATIC_ROOT = STATE_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "elearn" / "static"]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # Wagtail's page editor posts many fields.

# --- Work in the background --------------------------------------------------------------------------------------

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="filesystem://localhost" if DEMO else "")
if not CELERY_BROKER_URL:
    raise ImproperlyConfigured("CELERY_BROKER_URL is not set. Set it to, for example, redis://localhost:6379/0.")
BROKER_DIR = STATE_DIR / "broker"
if CELERY_BROKER_URL.startswith("filesystem:"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "queue"),
        "data_folder_out": str(BROKER_DIR / "queue"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.2,
    }
else:
    # A broker that is down must not keep a learner waiting: the row is safe, the sweeper sends again.
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 300,
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0,
    }
# Two readers of one broker folder destroy each other's messages, so the embedded set-up has one worker.
WORKER_PROCESSES = 1 if CELERY_BROKER_URL.startswith("filesystem:") else number("WORKER_PROCESSES", 2, smallest=1)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE_FILENAME = str(STATE_DIR / "beat-schedule")
SWEEP_SECONDS = number("SWEEP_SECONDS", 15, smallest=1)
# How long a worker that has claimed a row may take before the sweeper gives the row to another.
PENDING_LEASE_SECONDS = number("PENDING_LEASE_SECONDS", 120, smallest=1)
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "core.sweep", "schedule": float(SWEEP_SECONDS), "options": {"expires": float(SWEEP_SECONDS)}},
    "forget_addresses": {"task": "messages.forget_addresses", "schedule": 86400.0, "options": {"expires": 86400.0}},
    "publish_scheduled": {"task": "core.publish_scheduled", "schedule": 300.0, "options": {"expires": 300.0}},
    "apply_retention": {"task": "people.apply_retention", "schedule": 86_400.0, "options": {"expires": 86_400.0}},
}
# Whether addresses on other sites that lessons link to are asked for, once a week each: the one thing that calls out.
LINK_CHECK = flag("LINK_CHECK", default=False)
if LINK_CHECK:
    CELERY_BEAT_SCHEDULE["collect_links"] = {"task": "courses.collect_links", "schedule": 86_400.0}

# --- People ------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# Whoever may enter /cms/ or sees other people's data logs in with a second step (elearn.people.gate). No variable
# turns this off: the demo alone does without, and the demo cannot be public.
SECOND_FACTOR_DEMANDED = not DEMO
MFA_TOTP_ISSUER = SITE_NAME
ACCOUNT_DEFAULT_HTTP_PROTOCOL = SITE_URL.split(":")[0]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"

SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"APPS": oidc_apps(env.str("OIDC_PROVIDERS", default="")), "OAUTH_PKCE_ENABLED": True}
}

EMAIL_URL = env.str("EMAIL_URL", default="")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Elearn <no-reply@localhost>")
if EMAIL_URL:
    vars().update(env.email_url_config(EMAIL_URL))
elif DEMO:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = STATE_DIR / "mail"
else:
    raise ImproperlyConfigured("EMAIL_URL is not set. Set it to, for example, smtp+tls://user:password@host:587.")

# --- Privacy -----------------------------------------------------------------------------------------------------

# Whose site this is, and whom people ask about their data: the privacy notice and the mail about it say so.
OPERATOR_NAME = env.str("OPERATOR_NAME", default="the operator of this demonstration" if DEMO else SITE_NAME)
OPERATOR_CONTACT = env.str("OPERATOR_CONTACT", default="privacy@demo.example" if DEMO else DEFAULT_FROM_EMAIL)
# Days that a request for erasure can be taken back; days of warning before an account that nobody uses is erased.
ERASURE_WAIT_DAYS = number("ERASURE_WAIT_DAYS", 7)
INACTIVITY_WARNING_DAYS = number("INACTIVITY_WARNING_DAYS", 30, smallest=1)
# How long things are kept, in days; 0 keeps them for good. elearn.people.domain.retention has what each one is.
RETENTION_DAYS = {
    name: number(f"RETENTION_{name.upper()}_DAYS", days)
    for name, days in {
        **dict.fromkeys(("answers", "discussions", "hand_ins", "inactive", "observations", "survey_texts"), 5 * 365),
        "audit": 6 * 365,
        "statistics": 3 * 365,
        "mail": 180,
        "lists": 30,
        "exports": 7,
        **dict.fromkeys(("invitations", "logins", "unverified"), 90),
    }.items()
}

# --- Languages ---------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [
    ("en", "English"),
    ("fr", "Français"),
    ("es", "Español"),
    ("pt-br", "Português (Brasil)"),
    ("ar", "العربية"),
    ("ru", "Русский"),
]
LOCALE_PATHS = [BASE_DIR / "elearn" / "locale"]
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = "elearn.formats"
TIME_ZONE = "UTC"

# --- Wagtail -----------------------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = SITE_NAME
WAGTAILADMIN_BASE_URL = SITE_URL
# Sizes of recordings, in megabytes: whoever listens may pay for every one of them.
AUDIO_MB = number("AUDIO_MB", 25, smallest=1)
VIDEO_MB = number("VIDEO_MB", 50, smallest=1)

# --- Safety ------------------------------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = flag("SECURE_SSL_REDIRECT", default=not DEMO)
# Asked from inside, past the proxy that speaks HTTPS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEMO
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = number("SECURE_HSTS_SECONDS", 0 if DEMO else 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = flag("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=not DEMO)
BEHIND_PROXY = flag("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Of X-Forwarded-For, only what our own proxies appended is believed: the client could write the rest itself.
ALLAUTH_TRUSTED_PROXY_COUNT = number("TRUSTED_PROXIES", 1, smallest=1) if BEHIND_PROXY else 0
CSRF_TRUSTED_ORIGINS = [SITE_URL]
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
if DEMO:
    # On this computer there is no HTTPS; elearn.core.checks refuses the demo on any other host.
    SILENCED_SYSTEM_CHECKS = [f"security.W{n:03}" for n in (4, 5, 8, 9, 12, 16, 21)]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- Logs and numbers --------------------------------------------------------------------------------------------

LOG_FORMAT = choice("LOG_FORMAT", "line" if DEMO else "json", ("line", "json"))
LOGGING = logging_settings(LOG_FORMAT, choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR")))

METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
METRICS_DIR = STATE_DIR / "metrics"
if METRICS_TOKEN:
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(METRICS_DIR))  # Its library asks the environment alone.
