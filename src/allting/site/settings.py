"""Settings, read from the environment. Each one is described in one line in docs/settings.md."""

from __future__ import annotations

import os
import pkgutil
from importlib.util import find_spec
from pathlib import Path

import dj_database_url

import allting.common
import allting.sectors
from allting.kernel.text import LANGUAGES as LANGUAGE_CODES


def env(name: str, default: str = "") -> str:
    """One setting. A test reads these calls and wants each name described in docs/settings.md."""
    return os.environ.get(name, default)


def env_bool(name: str, default: bool = False) -> bool:
    return env(name, str(default)).lower() in ("1", "true", "yes", "on")


def env_list(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in env(name, default).split(",") if part.strip()]


def rooms() -> list[str]:
    """Every folder of common and sectors with an ``apps.py``: adding a room edits no list."""
    found = []
    for floor in (allting.common, allting.sectors):
        for module in pkgutil.iter_modules(floor.__path__, floor.__name__ + "."):
            if find_spec(module.name + ".apps"):
                found.append(module.name)
    return found


PACKAGE = Path(__file__).resolve().parent.parent

# --- Where we are -------------------------------------------------------------------------------
PORT = int(env("PORT", "8000"))
BASE_URL = env("BASE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
LIVE_URL = env("LIVE_URL", f"http://127.0.0.1:{PORT + 1}").rstrip("/")
DATA_FOLDER = Path(env("ALLTING_DATA", "var")).resolve()
DEMO = env_bool("ALLTING_DEMO", False)
DEBUG = env_bool("ALLTING_DEBUG", False)
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "127.0.0.1,localhost,testserver")
SECURE = BASE_URL.startswith("https://")

# --- Keys ---------------------------------------------------------------------------------------
KEY_FOLDER = Path(env("KEY_FOLDER", str(DATA_FOLDER / "keys")))
# An HSM behind PKCS #11 that keys are made in, instead of as files.
KEY_DEVICE = None
if env("PKCS11_MODULE"):
    from allting.kernel.device import Device

    KEY_DEVICE = Device(env("PKCS11_MODULE"), env("PKCS11_TOKEN", "allting"), env("PKCS11_PIN"))
# Django's own secret is one of the keys in the folder; kernel.keys makes it on first start.
SECRET_KEY_FILE = KEY_FOLDER / "django.key"


def _secret_key() -> str:
    given = env("SECRET_KEY")
    if given:
        return given
    from allting.kernel.keys import text_key

    return text_key(SECRET_KEY_FILE)


SECRET_KEY = _secret_key()
BACKUP_PASSPHRASE = env("BACKUP_PASSPHRASE")

# --- Rooms --------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "django.contrib.sessions",
    *rooms(),
    "allting.site",
]
STUDIO_FOLDER = env("STUDIO_FOLDER", str(DATA_FOLDER / "studio") if DEMO else "")
SERVICE_FOLDERS = [Path(folder) for folder in env_list("SERVICE_FOLDERS")]

MIDDLEWARE = [
    "allting.site.middleware.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "allting.site.middleware.ContentSecurityPolicy",
    "allting.site.programs.BetweenPrograms",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "allting.site.middleware.Problems",
    "allting.common.identity.middleware.ActorMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
ROOT_URLCONF = "allting.site.urls"
WSGI_APPLICATION = "allting.site.wsgi.application"
CSRF_FAILURE_VIEW = "allting.site.errors.csrf_failure"

# --- Data ---------------------------------------------------------------------------------------
DATABASES = {
    "default": dj_database_url.parse(
        env("DATABASE_URL", f"sqlite:///{DATA_FOLDER / 'allting.sqlite3'}"), conn_max_age=600
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
        " PRAGMA cache_size=-32000;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Templates: Jinja2 for our pages -------------------------------------------------------------
TEMPLATE_FOLDERS = [
    PACKAGE / "site" / "templates",
    *sorted((PACKAGE / "common").glob("*/templates")),
    *sorted((PACKAGE / "sectors").glob("*/templates")),
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": TEMPLATE_FOLDERS,
        "OPTIONS": {
            "environment": "allting.site.templating.Environments",
            "context_processors": ["allting.site.templating.csrf_once"],
        },
    },
]

# --- Languages and time --------------------------------------------------------------------------
LANGUAGE_CODE = "nb"
LANGUAGES = [("nb", "Bokmål"), ("nn", "Nynorsk"), ("en", "English")]
assert tuple(code for code, _ in LANGUAGES) == LANGUAGE_CODES
LOCALE_PATHS = [PACKAGE / "locale"]
LANGUAGE_COOKIE_NAME = "allting_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = SECURE
USE_I18N = True
FORMAT_MODULE_PATH = ["allting.site.formats"]
USE_TZ = True
TIME_ZONE = "Europe/Oslo"

# --- Static files --------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "site" / "static"]
STATIC_ROOT = DATA_FOLDER / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if env_bool("ALLTING_STATIC_MANIFEST")
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not env_bool("ALLTING_STATIC_MANIFEST")

# --- Security ------------------------------------------------------------------------------------
SESSION_ENGINE = "allting.common.identity.sessions"
SESSION_COOKIE_NAME = "allting_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_IDLE_MINUTES = float(env("SESSION_IDLE_MINUTES", "30"))
SESSION_MAX_MINUTES = int(env("SESSION_MAX_MINUTES", "120"))
SESSION_COOKIE_AGE = SESSION_MAX_MINUTES * 60
CSRF_COOKIE_NAME = "allting_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env_bool("BEHIND_PROXY") else None
X_FRAME_OPTIONS = "DENY"
# The service to ask for access to documents with, that journals lead to.
ACCESS_SERVICE = env("ACCESS_SERVICE", "document-access")
UPLOAD_MAX_MB = int(env("UPLOAD_MAX_MB", "10"))
DATA_UPLOAD_MAX_MEMORY_SIZE = (UPLOAD_MAX_MB + 1) * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
SCANNER = env("SCANNER", "eicar" if DEMO else "")
CLAMD_ADDRESS = env("CLAMD_ADDRESS", "127.0.0.1:3310")

# --- Identity ------------------------------------------------------------------------------------
OIDC_ISSUER = env("OIDC_ISSUER", BASE_URL + "/id")
EID_PROVIDERS = env_list("EID_PROVIDERS", "testid,myid,passkey,idcard" if DEMO else "")
EID_STRAIGHT = env("EID_STRAIGHT", "testid" if DEMO else "")
CLIENTS_FILE = env("CLIENTS_FILE")
DPOP_NONCE = env_bool("DPOP_NONCE")
EID_SUPPLIERS_FILE = env("EID_SUPPLIERS_FILE")
PASSWORD_MEMORY_KIB = int(env("PASSWORD_MEMORY_KIB", "65536"))
PASSWORD_HASHERS = ["allting.common.identity.providers.myid.passwords.Argon2id"]
ENTERPRISE_CA_FOLDER = env("ENTERPRISE_CA_FOLDER")
ENTERPRISE_POLICIES = env_list("ENTERPRISE_POLICIES")
ENTERPRISE_REVOCATION_SECONDS = int(env("ENTERPRISE_REVOCATION_SECONDS", "600"))
ENTERPRISE_TIMEOUT_SECONDS = float(env("ENTERPRISE_TIMEOUT_SECONDS", "3"))

# --- National ID card ------------------------------------------------------------------------------
NOARK_SCHEMAS = env("NOARK_SCHEMAS", "")
ID_CARD_CA_FOLDER = Path(env("ID_CARD_CA_FOLDER", str(DATA_FOLDER / "idcard")))
ID_CARD_BUREAU = env("ID_CARD_BUREAU", "demo" if DEMO else "")
ID_CARD_POLICIES = env_list("ID_CARD_POLICIES")
ID_CARD_URL = env("ID_CARD_URL").rstrip("/")
ID_CARD_HEADER = env("ID_CARD_HEADER", "X-Client-Cert")
ID_CARD_PROXY_SECRET = env("ID_CARD_PROXY_SECRET")

# --- Notification --------------------------------------------------------------------------------
SMTP_HOST = env("SMTP_HOST", "127.0.0.1")
SMTP_PORT = int(env("SMTP_PORT", str(PORT + 25)))
SMTP_USER = env("SMTP_USER")
SMTP_PASSWORD = env("SMTP_PASSWORD")
SMTP_TLS = env("SMTP_TLS", "none")
MAIL_FROM = env("MAIL_FROM", "Allting <no-reply@allting.example>")
SMS_GATEWAY_URL = env("SMS_GATEWAY_URL", f"{BASE_URL}/demo/sms" if DEMO else "")
SMS_GATEWAY_TOKEN = env("SMS_GATEWAY_TOKEN")

# --- Mailbox ---------------------------------------------------------------------------------------
# The rooms of one layer do not know each other: who seals a letter is named here.
LETTER_SEAL = "allting.common.signature.api.seal"
# Lower rooms name who posts a letter for them: identity's activation codes.
LETTER_POST = "allting.common.mailbox.api.post"

# --- Signature -----------------------------------------------------------------------------------
SIGNATURE_TRUST_FOLDER = env("SIGNATURE_TRUST_FOLDER")

# --- Payment -------------------------------------------------------------------------------------
PAYMENT_PROVIDER = env("PAYMENT_PROVIDER", "demo" if DEMO else "")

# --- Logs: structured, one JSON object a line, no personal data -------------------------------------
LOGGING_CONFIG = "allting.site.logs.configure"
LOGGING = {"version": 1}  # Django asks LOGGING_CONFIG only when there is something here
LOG_LEVEL = env("LOG_LEVEL", "INFO")
METRICS_TOKEN = env("METRICS_TOKEN")
OPERATOR_AUTHORITY = env("OPERATOR_AUTHORITY", "digitaliseringsdirektoratet")
