"""The site as `make run` serves it, with one more address: the bare view that everything is compared with."""

from elearn.settings import *  # noqa: F403
from elearn.settings import MIDDLEWARE

ROOT_URLCONF = "tests.bench.urls"
# Outermost: what the others read of the database, the session for instance, belongs to the page as well.
MIDDLEWARE = ["tests.bench.counting.CountQueries", *MIDDLEWARE]
