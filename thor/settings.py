"""Every setting of Thor, read once from the environment or `.env` (the environment wins)."""

from pathlib import Path

from csp.constants import NONE, SELF

from thor.env import Env
from thor.redis_urls import broker_url

BASE_DIR = Path(__file__).resolve().parent.parent
LOOPBACK = {"127.0.0.1", "localhost", "[::1]", "::1", "testserver"}

env = Env()
Env.read_env(BASE_DIR / ".env")  # does not override what the environment already says

# --- The house -------------------------------------------------------------------------------
SECRET_KEY = env("SECRET_KEY")
DEBUG = env.bool("DEBUG", default=False)
PORT = env.int("PORT", default=8000)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
PUBLIC = not set(ALLOWED_HOSTS) <= LOOPBACK
TLS = env.bool("THOR_TLS", default=False)  # https on loopback, served by `make run`
CSRF_TRUSTED_ORIGINS = [
    f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS if host not in LOOPBACK and host != "*"
]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "desk",
    "actandpos",
    "livedata",
    "livedata.schwab",
]

# What guards a page stands outermost: it reaches redirects to https, static files and errors as well.
MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "servestatic.middleware.ServeStaticMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "thor.urls"
ASGI_APPLICATION = "thor.asgi.application"
WSGI_APPLICATION = "thor.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Stores ----------------------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'var' / 'thor.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE takes the write lock at BEGIN: a transaction that reads first cannot fail at its first write.
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        transaction_mode="IMMEDIATE",
        timeout=20,
        init_command="PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    )
elif DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    # Whoever stops inside a transaction (paused, its machine gone) would keep a row from all others for hours.
    idle = "-c idle_in_transaction_session_timeout=15s"
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", idle)
    # Every request is answered in a thread of its own: only a pool keeps connections from one to the next.
    DATABASES["default"]["OPTIONS"].setdefault("pool", {"min_size": 1, "max_size": 20, "timeout": 10})
    DATABASES["default"].update(CONN_MAX_AGE=0, CONN_HEALTH_CHECKS=True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env("REDIS_URL", default="redis://127.0.0.1:6379/0")

# --- People ----------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
AXES_FAILURE_LIMIT = env.int("THOR_LOGIN_FAILURE_LIMIT", default=5)
AXES_COOLOFF_TIME = env.float("THOR_LOGIN_COOLOFF_HOURS", default=0.25)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "desk.problems.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
LOGIN_URL = "/"

# --- Doors -----------------------------------------------------------------------------------
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = env.int("THOR_SESSION_SECONDS", default=14 * 24 * 3600)
if PUBLIC:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = env.int("THOR_HSTS_SECONDS", default=365 * 24 * 3600)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
else:
    # Cookies know no port: two desks on one machine would log each other out under one name.
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = (
        f"{'__Host-' if TLS else ''}thor{PORT}_{name}" for name in ("sessionid", "csrftoken")
    )
DEFAULT_EXCEPTION_REPORTER = "thor.reporting.DiscreetReporter"
DEFAULT_EXCEPTION_REPORTER_FILTER = "thor.reporting.Discreet"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

# --- Pages and API ---------------------------------------------------------------------------
FRONTEND_DIST = BASE_DIR / "frontend" / "dist"
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [FRONTEND_DIST] if FRONTEND_DIST.is_dir() else []
SERVESTATIC_USE_FINDERS = True
SERVESTATIC_MAX_AGE = 60
APPEND_SLASH = False
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["desk.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "desk.problems.exception_handler",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Thor",
    "DESCRIPTION": "A live Activity and Positions desk for Charles Schwab accounts. Thor only reads.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "OAuthReason": "livedata.schwab.errors.OAUTH_REASONS",
        "SyncOutcome": "livedata.schwab.models.SyncRun.Outcome",
        "SyncSource": "livedata.schwab.models.SOURCES",
        "SyncTrigger": "livedata.schwab.runs.TRIGGERS",
        "ConnectionState": "livedata.schwab.serializers.STATES",
        "HistoryKind": "livedata.schwab.historyasking.KINDS",
        "HistoryState": "livedata.schwab.models.HistoryProgress.State",
        "TransactionKind": "actandpos.statement_documentation.KINDS",
        "StreamState": "livedata.schwab.streamer.state.STATES",
        "QuoteSource": "livedata.serializers.QUOTE_SOURCES",
        "MarketSessionName": "livedata.serializers.SESSIONS",
        "CalendarSource": "livedata.serializers.SOURCES",
    },
}
LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

# --- Schwab ----------------------------------------------------------------------------------
SCHWAB_BASE_URL = env("SCHWAB_BASE_URL", default="https://api.schwabapi.com").rstrip("/")
SCHWAB_CLIENT_ID = env("SCHWAB_CLIENT_ID", default="")
SCHWAB_CLIENT_SECRET = env("SCHWAB_CLIENT_SECRET", default="")
SCHWAB_CALLBACK_URL = env(
    "SCHWAB_CALLBACK_URL", default=f"https://127.0.0.1:{PORT}/api/schwab/oauth/callback/"
)
TOKEN_ENCRYPTION_KEYS = env.list("TOKEN_ENCRYPTION_KEYS", default=[])
BOOK_FACTS = "livedata.facts.known_facts"  # who tells the book of prices and dividends

# --- Tunables: seconds unless the name says otherwise ------------------------------------------
THOR_HTTP_DEADLINE = env.float("THOR_HTTP_DEADLINE", default=20.0)
THOR_SYNC_SECONDS = {
    "regular": env.int("THOR_SYNC_SECONDS_REGULAR", default=15),
    "pre": env.int("THOR_SYNC_SECONDS_PRE", default=30),
    "post": env.int("THOR_SYNC_SECONDS_POST", default=30),
    "closed": env.int("THOR_SYNC_SECONDS_CLOSED", default=60),
    "holiday": env.int("THOR_SYNC_SECONDS_HOLIDAY", default=60),
}
THOR_SYNC_TICK = env.float("THOR_SYNC_TICK", default=5.0)
THOR_ORDERS_EVERY = env.int("THOR_ORDERS_EVERY", default=2)  # one order list for so many account syncs
THOR_CALLS_PER_MINUTE = env.int("THOR_CALLS_PER_MINUTE", default=100)
THOR_CALLS_PER_MINUTE_ALONE = env.int("THOR_CALLS_PER_MINUTE_ALONE", default=10)  # a process without Redis
THOR_OPEN_SYNC_AGE = env.int("THOR_OPEN_SYNC_AGE", default=10)
THOR_FETCH_NOW_AGE = env.int("THOR_FETCH_NOW_AGE", default=5)
THOR_REFRESH_AHEAD = env.int("THOR_REFRESH_AHEAD", default=300)
THOR_EXPIRING_HOURS = env.int("THOR_EXPIRING_HOURS", default=48)
THOR_SYNC_LEASE = env.int("THOR_SYNC_LEASE", default=45)
THOR_REFRESH_LEASE = env.int("THOR_REFRESH_LEASE", default=30)  # whoever waits for a dead one's takes it over
THOR_TRANSACTIONS_SECONDS = {
    "regular": env.int("THOR_TRANSACTIONS_SECONDS_REGULAR", default=900),
    "pre": env.int("THOR_TRANSACTIONS_SECONDS_PRE", default=900),
    "post": env.int("THOR_TRANSACTIONS_SECONDS_POST", default=900),
    "closed": env.int("THOR_TRANSACTIONS_SECONDS_CLOSED", default=21_600),
    "holiday": env.int("THOR_TRANSACTIONS_SECONDS_HOLIDAY", default=21_600),
}
THOR_TRANSACTIONS_TICK = env.float("THOR_TRANSACTIONS_TICK", default=30.0)
THOR_TRANSACTIONS_AFTER_FILL = env.float("THOR_TRANSACTIONS_AFTER_FILL", default=60.0)
THOR_HISTORY_TICK = env.float("THOR_HISTORY_TICK", default=10.0)  # one window of orders an account
THOR_OLD_ORDERS_SECONDS = env.int("THOR_OLD_ORDERS_SECONDS", default=300)  # open ones that no list reaches
THOR_HISTORY_LEASE = env.float("THOR_HISTORY_LEASE", default=90.0)
THOR_KEEP_SYNC_RUNS_DAYS = env.int("THOR_KEEP_SYNC_RUNS_DAYS", default=14)

# --- Live socket: limits count per process ------------------------------------------------------
THOR_LIVE_HEARTBEAT = env.float("THOR_LIVE_HEARTBEAT", default=15.0)
THOR_LIVE_SEND_TIMEOUT = env.float("THOR_LIVE_SEND_TIMEOUT", default=10.0)
THOR_LIVE_MAILBOX = env.int("THOR_LIVE_MAILBOX", default=256)  # book messages that wait for one browser
THOR_LIVE_MESSAGE_BYTES = env.int("THOR_LIVE_MESSAGE_BYTES", default=65_536)
THOR_LIVE_CHANNELS = env.int("THOR_LIVE_CHANNELS", default=1_000)  # of one socket
THOR_LIVE_SOCKETS = env.int("THOR_LIVE_SOCKETS", default=30)  # of one user

# --- Streamer and marks -------------------------------------------------------------------------
THOR_FLUSH_PER_SECOND = env.float("THOR_FLUSH_PER_SECOND", default=4.0)
THOR_STREAM_LEASE = env.float("THOR_STREAM_LEASE", default=9.0)  # a killed process's users wait this long
THOR_STREAM_LOOK = env.float("THOR_STREAM_LOOK", default=2.0)
THOR_STREAM_CONNECTIONS = env.int("THOR_STREAM_CONNECTIONS", default=200)  # of one process
THOR_STREAM_KEYS = env.int("THOR_STREAM_KEYS", default=500)  # Schwab's cap for one service
THOR_STREAM_SILENCE = env.float("THOR_STREAM_SILENCE", default=60.0)
THOR_STREAM_ANSWER = env.float("THOR_STREAM_ANSWER", default=10.0)
THOR_STREAM_FIRST_PAUSE = env.float("THOR_STREAM_FIRST_PAUSE", default=2.0)
THOR_STREAM_LONGEST_PAUSE = env.float("THOR_STREAM_LONGEST_PAUSE", default=120.0)
THOR_STREAM_YIELD = env.float("THOR_STREAM_YIELD", default=300.0)  # after somebody else's login
THOR_STREAM_DEBOUNCE = env.float("THOR_STREAM_DEBOUNCE", default=0.4)
THOR_QUOTE_SECONDS = {
    "regular": env.float("THOR_QUOTE_SECONDS_REGULAR", default=10.0),
    "pre": env.float("THOR_QUOTE_SECONDS_PRE", default=30.0),
    "post": env.float("THOR_QUOTE_SECONDS_POST", default=30.0),
    "closed": env.float("THOR_QUOTE_SECONDS_CLOSED", default=300.0),
    "holiday": env.float("THOR_QUOTE_SECONDS_HOLIDAY", default=300.0),
}

# --- Work in the background --------------------------------------------------------------------
CELERY_BROKER_URL = broker_url(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
# What a dead worker had begun is found again through its lease. Handing its messages out anew would bring nothing (they
# have expired by then), and a worker that holds unacknowledged ones does not survive the end of its Redis.
CELERY_TASK_ACKS_LATE = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 120,
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
    "global_keyprefix": env("THOR_CELERY_PREFIX", default="celery:"),
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BEAT_SCHEDULE = {
    "show-life": {"task": "livedata.show_life", "schedule": 20.0, "options": {"expires": 20}},
    "sync-due-connections": {
        "task": "livedata.schwab.sync_due_connections",
        "schedule": THOR_SYNC_TICK,
        "options": {"expires": THOR_SYNC_TICK * 2},
    },
    "read-due-transactions": {
        "task": "livedata.schwab.read_due_transactions",
        "schedule": THOR_TRANSACTIONS_TICK,
        "options": {"expires": THOR_TRANSACTIONS_TICK},
    },
    "read-due-orders-back": {
        "task": "livedata.schwab.read_due_orders_back",
        "schedule": THOR_HISTORY_TICK,
        "options": {"expires": THOR_HISTORY_TICK},
    },
    "refresh-tokens-ahead": {
        "task": "livedata.schwab.refresh_tokens_ahead",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "refresh-market-days": {
        "task": "livedata.schwab.refresh_market_days",
        "schedule": 1800.0,
        "options": {"expires": 600},
    },
    "prune-records": {
        "task": "livedata.schwab.prune_records",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("THOR_LOG_LEVEL", default="INFO")},
    "loggers": {"axes": {"level": "WARNING"}, "celery.app.trace": {"level": "WARNING"}},
}
