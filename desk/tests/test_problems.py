"""The one shape of every error."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from rest_framework import exceptions

from desk.problems import Problem, exception_handler, locked_out, problem


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Problem(409, "busy", "It is busy."), 409, "busy"),
        (exceptions.NotAuthenticated(), 401, "not_authenticated"),
        (exceptions.PermissionDenied("No."), 403, "permission_denied"),
        (PermissionDenied(), 403, "permission_denied"),
        (exceptions.NotFound(), 404, "not_found"),
        (Http404(), 404, "not_found"),
        (exceptions.MethodNotAllowed("GET"), 405, "method_not_allowed"),
        (exceptions.Throttled(wait=3), 429, "throttled"),
        (exceptions.ValidationError("Wrong."), 400, "invalid"),
        (exceptions.APIException({"a": "b"}), 500, "error"),
    ],
)
def test_every_error_becomes_a_sentence_and_a_slug(error: Exception, status: int, code: str) -> None:
    response = exception_handler(error, {})
    assert response is not None
    assert (response.status_code, response.data["code"]) == (status, code)
    assert set(response.data) == {"detail", "code"}
    assert isinstance(response.data["detail"], str)
    assert response.data["detail"]


@pytest.mark.parametrize(
    ("detail", "sentence"),
    [
        ("Wrong.", "Wrong."),
        (["One.", "Two."], "One. Two."),
        ({"name": ["Too long."], "age": ["Too low.", "Odd."]}, "name: Too long.; age: Too low. Odd."),
        ({"inner": {"name": ["Too long."]}}, "inner: name: Too long."),
        ([{"name": ["Too long."]}, {}], "name: Too long. "),
    ],
)
def test_field_errors_become_one_sentence(detail: Any, sentence: str) -> None:
    response = exception_handler(exceptions.ValidationError(detail), {})
    assert response is not None
    assert response.data == {"detail": sentence, "code": "invalid"}


def test_the_words_of_a_404_are_kept() -> None:
    response = exception_handler(Http404("No such account."), {})
    assert response is not None
    assert response.data["detail"] == "No such account."


def test_a_fault_of_ours_is_not_turned_into_an_answer() -> None:
    assert exception_handler(KeyError("x"), {}) is None


def test_problems_of_plain_views() -> None:
    answer = problem(418, "teapot", "Short and stout.")
    assert answer.status_code == 418
    assert answer.content == b'{"detail": "Short and stout.", "code": "teapot"}'
    assert locked_out(HttpRequest(), credentials={"username": "x"}).status_code == 429
