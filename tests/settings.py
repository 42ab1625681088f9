"""The site's own settings, with a state folder that is thrown away and a password hasher that costs nothing.

`pytest` alone runs on the embedded default; DATABASE_URL, CACHE_URL and CELERY_BROKER_URL choose others. Processes
that a test starts inherit the environment made here, so they run on the same folder.
"""

import atexit
import os
import shutil
import tempfile

if "STATE_DIR" not in os.environ:
    os.environ["STATE_DIR"] = tempfile.mkdtemp(prefix="elearn-test-")
    _owner = os.getpid()

    @atexit.register
    def _throw_away() -> None:
        if os.getpid() == _owner:
            shutil.rmtree(os.environ["STATE_DIR"], ignore_errors=True)


if "PYTEST_XDIST_WORKER" in os.environ:
    # Tests that run side by side must not meet in one folder of files.
    os.environ["STATE_DIR"] += f"/{os.environ['PYTEST_XDIST_WORKER']}"

os.environ.setdefault("DEMO", "1")
os.environ.setdefault("SECRET_KEY", "only-for-tests")

from elearn.settings import *  # noqa: F403
from elearn.settings import CACHE_URL, CACHES, DATABASES, STATE_DIR, STORAGES, WAGTAILSEARCH_BACKENDS

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WAGTAILSEARCH_BACKENDS["default"]["AUTO_UPDATE"] = False  # No test searches, and every page that is made would pay.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
if not CACHE_URL:
    # The embedded cache is a database of its own, which every test would have to ask for by name.
    CACHES["default"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "default"}
elif CACHE_URL.startswith("redis") and os.environ.get("PYTEST_XDIST_WORKER", "gw0") != "gw0":
    # Tests clear the cache, and clearing Redis empties the whole database: each process has the one below the last's.
    _base, _slash, _number = CACHE_URL.rpartition("/")
    CACHES["default"]["LOCATION"] = f"{_base}/{int(_number) - int(os.environ['PYTEST_XDIST_WORKER'][2:])}"
(STATE_DIR / "static").mkdir(parents=True, exist_ok=True)  # Whitenoise warns of a folder that is not there.
# Files on disk, not memory: many connections at once then meet the same locks as in the demo.
for _alias, _database in DATABASES.items():
    if _database["ENGINE"].endswith("sqlite3"):
        _database["TEST"] = {"NAME": str(STATE_DIR / f"test-{_alias}.sqlite3")}
