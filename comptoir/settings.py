"""Settings: everything a host may change comes from the environment and is described in docs/settings.md."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from comptoir.kernel import config, logs

DATA = config.data_folder()
DEBUG = False
TESTING = config.flag("COMPTOIR_TESTING")

PORT = config.port()
PUBLIC_URL = config.public_url()
LIVE_URL = (os.environ.get("LIVE_URL") or f"http://localhost:{PORT + 1}").rstrip("/")
_public = urlsplit(PUBLIC_URL)
_live = urlsplit(LIVE_URL)
_secure = _public.scheme == "https"

SECRET_KEY = config.secret("secret.key")
ALLOWED_HOSTS = [
    h
    for h in {_public.hostname or "", "localhost", "127.0.0.1", "[::1]", *config.words("ALLOWED_HOSTS")}
    if h
]
SHORT_HOSTS = frozenset(each.lower() for each in config.words("SHORT_HOSTS"))
ALLOWED_HOSTS += sorted(SHORT_HOSTS)
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if _secure else []
TRUSTED_PROXIES = int(os.environ.get("TRUSTED_PROXIES") or 0)
COUNTRY_HEADER = os.environ.get("COUNTRY_HEADER", "")
INSIDE_ALLOWED = frozenset(config.words("INSIDE_ALLOWED"))
SEND_DELAY = float(os.environ.get("SEND_DELAY", "4"))
POST_LATE_AFTER = float(os.environ.get("POST_LATE_AFTER", "900"))
WORKER_DEAD_AFTER = float(os.environ.get("WORKER_DEAD_AFTER", "15"))
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
API_RATE = int(os.environ.get("API_RATE", "600"))
HISTORY_DAYS = int(os.environ.get("HISTORY_DAYS", "30"))
VIDEO_MOST = int(os.environ.get("VIDEO_MOST", "200")) * 1_000_000

DATABASES = {"default": config.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    # Ours first: our templates stand before those that allauth brings.
    "comptoir.organisation",
    "comptoir.networks",
    "comptoir.inbox",
    "comptoir.listening",
    "comptoir.publishing",
    "comptoir.measurement",
    "comptoir.upkeep",
    "comptoir.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "django_htmx",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "comptoir.web.health.HealthMiddleware",
    "comptoir.web.requests.RequestMiddleware",
    "comptoir.web.requests.SightMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "comptoir.web.static.StaticMiddleware",
    "comptoir.web.nobody.NobodyMiddleware",
    "comptoir.web.language.LanguageMiddleware",
    "comptoir.web.short_hosts.ShortHostMiddleware",
    "comptoir.web.nonsense.NonsenseMiddleware",
    "comptoir.web.clients.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "comptoir.web.farewell.FarewellMiddleware",
    "comptoir.web.acting.ActingMiddleware",
    "comptoir.web.language.PersonLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "comptoir.web.urls"
WSGI_APPLICATION = "comptoir.web.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "comptoir.web.context.page",
            ]
        },
    }
]

AUTH_USER_MODEL = "organisation.User"
AUTHENTICATION_BACKENDS = ["comptoir.web.accounts.Backend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "comptoir.web.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
PASSWORD_RESET_TIMEOUT = 3600
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
# By account we count ourselves (web.security_limits): these are by client.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip",
    "request_login_code": "20/m/ip",
    "reset_password": "20/m/ip",
}
ACCOUNT_FORMS = {
    "request_login_code": "comptoir.web.security_forms.CodeByMailForm",
    "reset_password": "comptoir.web.security_forms.ResetForm",
    "change_password": "comptoir.web.security_forms.ChangeForm",
    "set_password": "comptoir.web.security_forms.FirstPasswordForm",
    "reset_password_from_key": "comptoir.web.security_forms.AfterResetForm",
}
MFA_ADAPTER = "comptoir.web.factors.FactorsAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "comptoir.web.security_forms.SecondStepForm",
    "reauthenticate": "comptoir.web.security_forms.ProveByCodeForm",
    "activate_totp": "comptoir.web.security_forms.AppForm",
    "add_webauthn": "comptoir.web.security_forms.AddPasskeyForm",
    "authenticate_webauthn": "comptoir.web.security_forms.PasskeyStepForm",
    "login_webauthn": "comptoir.web.security_forms.PasskeySignInForm",
    "reauthenticate_webauthn": "comptoir.web.security_forms.ProveByPasskeyForm",
    "edit_webauthn": "comptoir.web.security_forms.PasskeyNameForm",
}

SOCIALACCOUNT_ADAPTER = "comptoir.web.oidc.IdentityAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
OIDC_ISSUER = (os.environ.get("OIDC_ISSUER") or "").rstrip("/")
OIDC_CLIENT_ID = os.environ.get("OIDC_CLIENT_ID", "")
OIDC_CLIENT_SECRET = os.environ.get("OIDC_CLIENT_SECRET", "")
OIDC_NAME = (os.environ.get("OIDC_NAME") or urlsplit(OIDC_ISSUER).hostname or "") if OIDC_ISSUER else ""

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LOCALE_PATHS = [Path(__file__).parent / "locale"]
FORMAT_MODULE_PATH = "comptoir.locale"
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "comptoir.web.static.HashedStorage"},
}

SESSION_ENGINE = "comptoir.organisation.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = _secure
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = _secure
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000 if _secure else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 12_000_000
FILE_UPLOAD_HANDLERS = [
    "comptoir.web.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "media-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF, f"{_live.scheme}://{_live.netloc}"],
    "manifest-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}

_unsent = (
    "comptoir.web.unsent.EmailBackend" if logs.as_json() else "django.core.mail.backends.console.EmailBackend"
)
MAILERS: dict[str, dict[str, object]] = {"default": {"BACKEND": _unsent}}
if os.environ.get("EMAIL_HOST"):
    _port = int(os.environ.get("EMAIL_PORT", "587"))
    MAILERS["default"] = {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": os.environ["EMAIL_HOST"],
            "port": _port,
            "username": os.environ.get("EMAIL_HOST_USER", ""),
            "password": os.environ.get("EMAIL_HOST_PASSWORD", ""),
            "use_tls": _port == 587,
            "use_ssl": _port == 465,
        },
    }
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM", f"comptoir@{_public.hostname or 'localhost'}")

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # Counts of tries live here: nobody must be able to push them out by trying under many names.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "comptoir.kernel.logs.Lines"},
        "json": {"()": "comptoir.kernel.logs.Json"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "json" if logs.as_json() else "line"}
    },
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
    "loggers": {"django.request": {"level": "ERROR"}},
}
