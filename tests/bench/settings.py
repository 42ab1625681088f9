"""The site as `make run` serves it, with one more address: the bare view that everything is compared with."""

from elearn.settings import *  # noqa: F403
from elearn.settings import MIDDLEWARE

ROOT_URLCONF = "tests.bench.urls"
MIDDLEWARE = [*MIDDLEWARE, "tests.bench.counting.CountQueries"]
