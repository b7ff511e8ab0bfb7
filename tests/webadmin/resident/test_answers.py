"""What comes is checked, what is wrong is said in one's language."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, g

from webadmin.resident.answers import Body, Problem, as_json, of_status, taken


class Wish(Body):
    count: int


@pytest.mark.parametrize(
    ("sent", "status", "field"),
    [
        ({"data": "{", "content_type": "application/json"}, 422, None),
        ({"data": "count=1"}, 415, None),
        ({"json": {"count": "1"}}, 422, "count"),
        ({"json": {"count": 1, "x": 1}}, 422, "x"),
        ({"data": "[" * 100_000, "content_type": "application/json"}, 413, None),
        ({"data": "[" * 10_000, "content_type": "application/json"}, 422, None),
    ],
)
def test_what_is_wrong(app: Flask, sent: dict[str, Any], status: int, field: str | None) -> None:
    with app.test_request_context("/", method="POST", **sent), pytest.raises(Problem) as caught:
        taken(Wish)
    assert (caught.value.status, caught.value.field) == (status, field)


def test_in_both_languages(app: Flask) -> None:
    with app.test_request_context("/", json={"count": 3}, method="POST"):
        assert taken(Wish).count == 3
        for language, text in (("nb", "Du er ikke logget inn"), ("en", "You are not logged in")):
            g.language = language
            answer: Any = as_json(of_status(401))
            assert answer[0]["message"] == text
        assert of_status(418).slug == "bad_request"
