"""Django's settings; everything that differs between machines comes from `env.py`."""

from __future__ import annotations

from qizhi.config.env import ROOT, database, read_env, secret_key

ENV = read_env()
BASE_DIR = ROOT
SECRET_KEY = "only-for-tests" if ENV.mode == "test" else secret_key(ENV.secret_key_file)
DEBUG = ENV.is_debug
ALLOWED_HOSTS = [*ENV.allowed_hosts, *(["testserver"] if ENV.mode == "test" else [])]
CSRF_TRUSTED_ORIGINS = list(ENV.trusted_origins)
MODE = ENV.mode

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_vite",
    "qizhi.core",
    "qizhi.org",
    "qizhi.regulations",
    "qizhi.gatherings",
    "qizhi.tasks",
    "qizhi.publishing",
    "qizhi.study",
    "qizhi.branch_life",
    "qizhi.conduct",
    "qizhi.culture",
    "qizhi.reports",
    "qizhi.web",
    "qizhi.sample",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "qizhi.core.middleware.content_security_policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "qizhi.core.middleware.text_without_nul",
    "qizhi.core.middleware.actor",
]

if ENV.mode == "test":
    # Tests serve static files by Django's own handler; nothing has been collected there.
    MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith("whitenoise.")]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "qizhi.web.context.page",
            ],
            "builtins": ["qizhi.core.templatetags.qz", "qizhi.core.templatetags.lists"],
        },
    },
]

FORM_RENDERER = "qizhi.core.widgets.Renderer"

ROOT_URLCONF = "qizhi.config.urls"
WSGI_APPLICATION = "qizhi.config.wsgi.application"

DATABASES = {"default": database(ENV.database_url, ENV.sqlite_synchronous)}
# For tables of links; Django's own apps say so too, so that both ways of making a database agree (ADR 6).
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"

AUTH_USER_MODEL = "org.Account"
AUTHENTICATION_BACKENDS = ["qizhi.org.queries.Accounts"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": name}
    for name in (
        "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "qizhi.core.passwords.LongEnough",
        "django.contrib.auth.password_validation.CommonPasswordValidator",
    )
]
LOGIN_URL = "web:log_in"
LOGIN_REDIRECT_URL = "web:home"
# The floor below may not import the one above: core asks for the person behind a request by this path.
QIZHI_ACTOR = "qizhi.org.queries.actor_of"
if ENV.mode == "test":
    # Hashing is what Django ships, except in tests, which log in thousands of times.
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = ENV.data_dir / "static"
STATICFILES_DIRS = [path for path in [ROOT / "qizhi" / "static_build"] if path.exists()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # A .gz beside each file when they are collected: whitenoise sends that one.
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
DJANGO_VITE = {
    "default": {
        "dev_mode": False,
        "manifest_path": ROOT / "qizhi" / "static_build" / "manifest.json",
        "static_url_prefix": "",
    }
}
# Vite has hashed the names already: those files may be kept for ever.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+[.-][0-9A-Za-z_-]{8,12}\..+$"
MEDIA_ROOT = ENV.data_dir / "media"
PDF_FONT_DIRS = [
    *([ENV.font_dir] if ENV.font_dir else []),
    ROOT / "node_modules" / "@expo-google-fonts" / "noto-serif-sc",
    ROOT / "node_modules" / "@expo-google-fonts" / "noto-sans-sc",
]

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.is_https
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "qizhi.web.views.errors.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 30 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
SILENCED_SYSTEM_CHECKS: list[str] = []

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
