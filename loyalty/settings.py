"""Settings. What differs between installations is a variable, explained in .env.example."""

import sys
from pathlib import Path

# Debian 12's SQLite can lose pages when a checkpoint races a commit; this build cannot.
# It must take sqlite3's place before Django imports it.
import pysqlite3
import pysqlite3.dbapi2

sys.modules["sqlite3"], sys.modules["sqlite3.dbapi2"] = pysqlite3, pysqlite3.dbapi2

import environ  # noqa: E402
from csp.constants import NONE, SELF  # noqa: E402
from django.utils.translation import gettext_lazy as _  # noqa: E402

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")  # the real environment wins over the file

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
ON_THIS_MACHINE = DEBUG or DEMO  # plain http on 127.0.0.1, where secure cookies would be lost

SECRET_KEY = env("SECRET_KEY")  # no default: without it the start fails, loudly
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

# Posters, QR codes and mail carry this address, never the Host header.
PUBLIC_URL = (
    env("PUBLIC_URL", default="http://127.0.0.1:8000") if ON_THIS_MACHINE else env("PUBLIC_URL")
).rstrip("/")
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=["127.0.0.1", "localhost"] if ON_THIS_MACHINE else []
)
USE_X_FORWARDED_HOST = False
PROXY_COUNT = env.int("PROXY_COUNT", default=0)  # own proxies in front of us

# --- The house ---------------------------------------------------------------------------

INSTALLED_APPS = [
    "loyalty",
    "loyalty.halts",
    "loyalty.invitations",
    "loyalty.journal",
    "loyalty.outbox",
    "loyalty.pictures",
    "members",
    "members.guard",
    "members.ledger",
    "members.messages",
    "members.notices",
    "members.opening",
    "members.privacy",
    "rewards",
    "rewards.birthday",
    "rewards.catalogue",
    "rewards.figures",
    "rewards.friends",
    "rewards.tiers",
    "rewards.vip",
    "stampcards",
    "stampcards.counter",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
]

# A kind of programme is one line here and one room; see README, "Adding a programme kind".
PROGRAMME_KINDS = {"stamps": "stampcards.kind", "points": "rewards.points.kind"}

# Rooms that lower floors serve without importing them; each answers only what it has.
ROOMS = [
    "members.ledger.room",
    "members.messages.room",  # on the card, messages stand first
    "members.ending.room",  # and then that something ends, or waits
    "rewards.birthday.room",  # at the counter, its tag stands before those of notices
    "members.notices.room",
    "rewards.vip.room",  # it gives back a place before `rewards` takes its claim off the card
    "rewards.room",
    "rewards.points.room",
    "rewards.tiers.room",  # after points: the purchase that lifts somebody was earned before it
    "rewards.catalogue.room",
    "stampcards.room",
    "rewards.friends.room",  # below the cards, the row to share stands last
    "stampcards.counter.room",
    "members.opening.room",
    "members.privacy.room",
    "rewards.figures.room",  # at night, what ran out is booked before the day is counted
]

MIDDLEWARE = [
    # What every answer carries, those of the next line too, which answers for static files.
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "loyalty.access.SignInRequired",  # pages are private by default
    "loyalty.security.middleware.SecondFactorRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "loyalty.errors.PatienceMiddleware",
    "loyalty.access.ShopScopes",
]

ROOT_URLCONF = "loyalty.urls"
WSGI_APPLICATION = "loyalty.wsgi.application"

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
                "loyalty.context.look",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

# --- Data --------------------------------------------------------------------------------

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}")}
_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    _database["CONN_MAX_AGE"] = 600
    _database["OPTIONS"] = {
        # SQLite has no row locks, so take the write lock when a transaction begins:
        # "read the balance, then write" must not interleave between two tills.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA recursive_triggers=ON;"
        ),
    }
else:
    _database["ENGINE"] = "loyalty.postgres"  # a commit without its standby is not called done
    _database["CONN_MAX_AGE"] = 0  # the pool keeps connections
    _database["CONN_HEALTH_CHECKS"] = True  # a restarted database costs nobody an error page
    _database["OPTIONS"] = {
        **_database.get("OPTIONS", {}),
        # A pool that keeps trying doubles its pauses, so a database that is back would wait for
        # us as long as it was away. It gives up as soon as whoever waits does; the next one asks.
        "pool": {"min_size": 1, "max_size": 8, "timeout": 5, "reconnect_timeout": 5},
        # A machine that lost its power refuses nothing, it is silent: on to the next host after
        # two seconds instead of two minutes, and no request waits a quarter of an hour for it.
        "connect_timeout": 2,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "tcp_user_timeout": 10_000,  # milliseconds
        "server_side_binding": True,
        # What is read row by row is read to its end; and to compile a statement first takes
        # longer than any of ours: 217 of the 264 milliseconds of one.
        "options": (
            "-c lock_timeout=3000 -c statement_timeout=10000"
            " -c idle_in_transaction_session_timeout=15000"
            " -c cursor_tuple_fraction=1 -c jit=off"
        ),
    }

# Every commit waits for a standby; without one the site is not ready.
SYNCHRONOUS_STANDBY = env.bool("SYNCHRONOUS_STANDBY", default=False)

# Limits must hold over all processes, so never memory of one process.
CACHES = {"default": env.cache_url("CACHE_URL", default="dbcache://shared_cache")}
if CACHES["default"]["BACKEND"].endswith("DatabaseCache"):
    # Above 300, which is Django's default, it throws away a third, limits that still hold too.
    CACHES["default"].setdefault("OPTIONS", {}).setdefault("MAX_ENTRIES", 50_000)
SESSION_ENGINE = "loyalty.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600  # since something in it changed
SIGNED_IN_SECONDS = 30 * 24 * 3600  # then a new code is mailed, however busy they were
MESSAGE_STORAGE = "loyalty.choices.Messages"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 5
FILE_UPLOAD_HANDLERS = ["loyalty.pictures.uploads.KeepTheFirstBytes"]

# --- People ------------------------------------------------------------------------------

AUTH_USER_MODEL = "loyalty.Person"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("MinimumLengthValidator", "CommonPasswordValidator", "NumericPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "owner:shops"
ACCOUNT_ADAPTER = "loyalty.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"  # only then can sign-up keep secret who has an account
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_LOGOUT_REDIRECT_URL = "front"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_CHANGE_EMAIL = True  # one address a person, replaced when the new one is confirmed
# Shop Wi-Fi shares one address, so the mailbox is limited first, and that strictly.
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "60/m/ip,5/10m/key",
    "ask_owner": "5/h/user",  # notes a colleague may send to the owner
}
ACCOUNT_FORMS = {
    "confirm_login_code": "loyalty.forms.MailedCodeForm",
    "confirm_email_verification_code": "loyalty.forms.NewEmailForm",
}
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ALLAUTH_TRUSTED_PROXY_COUNT = PROXY_COUNT
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ADAPTER = "loyalty.security.adapter.MFAAdapter"
MFA_FORMS = {
    "activate_totp": "loyalty.security.forms.AppForm",
    "add_webauthn": "loyalty.security.forms.PasskeyForm",
    "authenticate": "loyalty.security.forms.CodeForm",
    "authenticate_webauthn": "loyalty.security.forms.StepForm",
    "login_webauthn": "loyalty.security.forms.SignInForm",
    "reauthenticate": "loyalty.security.forms.CodeAgainForm",
    "reauthenticate_webauthn": "loyalty.security.forms.StillMeForm",
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = ON_THIS_MACHINE  # http on localhost
MFA_TOTP_ISSUER = "Stamkunde"
MFA_TOTP_TOLERANCE = 1  # phones and servers whose clocks differ by half a minute
MFA_RECOVERY_CODES_SHOW_ONCE = True
# Owners of a running shop sign in with a passkey or a code from an app, beside the mailed code.
REQUIRE_SECOND_FACTOR = env.bool("REQUIRE_SECOND_FACTOR", default=not ON_THIS_MACHINE)
USERSESSIONS_TRACK_ACTIVITY = False  # it would write a row at every request, at the till too

# --- Languages and places ----------------------------------------------------------------

LANGUAGE_CODE = "en-gb"  # plain "en" would give US dates
LANGUAGES = [("en-gb", _("English")), ("nb", _("Norwegian")), ("da", _("Danish"))]
LOCALE_PATHS = [BASE_DIR / "loyalty" / "locale"]
TIME_ZONE = env("TIME_ZONE", default="Europe/Oslo")  # of the site's own pages; shops have theirs
USE_TZ = True
FORMAT_MODULE_PATH = "loyalty.formats"

# --- Files -------------------------------------------------------------------------------

STATIC_URL = "static/"
# Collected for an installation; on this machine they are served from where they lie.
STATIC_ROOT = None if ON_THIS_MACHINE else BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = ON_THIS_MACHINE
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_MIMETYPES = {".wasm": "application/wasm"}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if ON_THIS_MACHINE
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- Mail --------------------------------------------------------------------------------

_mail = env.email_url("EMAIL_URL", default="consolemail://" if ON_THIS_MACHINE else "smtp://")
vars().update(_mail)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("DEFAULT_FROM_EMAIL", default="Stamkunde <hei@localhost>")
ADMINS: list[tuple[str, str]] = []

# --- Privacy -----------------------------------------------------------------------------

# Beside the backups and outside the database: what was erased is erased again after a restore.
ERASURES_FILE = BASE_DIR / env("ERASURES_FILE", default="backups/erasures.jsonl")
BACKUPS_KEPT = env.int("BACKUPS_KEPT", default=14)  # nightly copies; privacy pages say how many
# Whose machines these are, as privacy pages name them: "Example Hosting AS, Norway".
HOSTED_BY = env("HOSTED_BY", default="")

# --- The counter -------------------------------------------------------------------------

# What a counter saved without a connection counts by itself for so long; later a manager decides.
LATE_ACTIONS_HOURS = env.int("LATE_ACTIONS_HOURS", default=24)

# --- Bringing a friend -------------------------------------------------------------------

# Countries where a friend is invited in person only: a QR and a code, no link to pass on.
NO_FRIEND_LINKS_IN = env.list("NO_FRIEND_LINKS_IN", default=["DK"])

# --- The browser -------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap's own pictures are data: addresses
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "geolocation", "microphone", "payment", "usb")
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
CSRF_FAILURE_VIEW = "loyalty.errors.csrf_failure"
if not ON_THIS_MACHINE:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = ["^livez$", "^readyz$"]  # asked on this machine, behind the proxy
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    LANGUAGE_COOKIE_NAME = "__Host-language"
    CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
    if PROXY_COUNT:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "loyalty.logs.Line",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "stamkunde": {"level": "INFO"},
        "weasyprint": {"level": "ERROR"},  # it warns of every line meant for browsers
    },
}
