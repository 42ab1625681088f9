from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.db import connections
from django.http import HttpRequest, HttpResponse


class CountQueries:
    """Tells how many queries a request made, where it is asked; a request that is timed does not ask."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "X-Count" not in request.headers:
            return self.get_response(request)
        queries: list[str] = []

        def count(execute: Callable, sql: str, *rest: Any) -> Any:
            queries.append(sql)
            return execute(sql, *rest)

        with ExitStack() as stack:
            for alias in connections:
                stack.enter_context(connections[alias].execute_wrapper(count))
            # The user and the session are read lazily, some of it only now and here.
            response = self.get_response(request)
        response["X-Queries"] = str(len(queries))
        return response
