"""Answers in JSON: what is wrong, as a word for programs and a sentence for people; bodies are checked."""

from __future__ import annotations

from typing import TypeVar

from flask import g, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, ValidationError

from webadmin.languages import translate

LARGEST_BODY = 16 * 1024


class Problem(Exception):
    """The request is refused. `slug`: for programs; `phrase`: English, in the catalogue; `field`: where."""

    def __init__(
        self, status: int, slug: str, phrase: str, field: str | None = None, *values: object
    ) -> None:
        super().__init__(slug)
        self.status, self.slug, self.phrase, self.field, self.values = status, slug, phrase, field, values


def nothing_there() -> Problem:
    """It does not exist, or it is somebody else's: which, is nobody's business."""
    return Problem(404, "not_found", "There is nothing of yours by that name.")


def as_json(problem: Problem) -> ResponseReturnValue:
    """What the caller gets of a problem."""
    text = translate(getattr(g, "language", "nb"), problem.phrase, *problem.values)
    headers = {"Retry-After": "900"} if problem.status == 429 else {}
    return {"error": problem.slug, "message": text, "field": problem.field}, problem.status, headers


class Body(BaseModel):
    """A body: nothing unknown, nothing of another type."""

    model_config = ConfigDict(extra="forbid", strict=True)


Model = TypeVar("Model", bound=Body)


def taken(model: type[Model]) -> Model:
    """The request's body.

    Raises:
        Problem: it is no JSON, or not what is wanted.
    """
    if request.mimetype != "application/json":
        raise Problem(415, *_STATUSES[400])
    if (request.content_length or 0) > LARGEST_BODY:
        raise Problem(413, "too_large", "This is too long. Shorten it.")
    try:
        return model.model_validate_json(request.get_data())
    except ValidationError as fault:
        place = ".".join(str(part) for part in fault.errors()[0]["loc"]) or None
        raise Problem(422, "invalid", "This value is not right. Nothing was changed.", place) from None
    except (ValueError, RecursionError):
        raise Problem(400, "not_json", "This value is not right. Nothing was changed.") from None


_STATUSES = {
    400: ("bad_request", "The request was not understood. Nothing was changed. Go back and try again."),
    401: ("signed_out", "You are not logged in"),
    403: ("forbidden", "This is not yours to change"),
    404: ("not_found", "There is nothing of yours by that name."),
    500: ("fault", "Something went wrong here"),
    503: ("away", "Nothing was saved and nothing is lost. Try again in a minute."),
}


def of_status(status: int) -> Problem:
    """The problem behind a plain HTTP status."""
    slug, phrase = _STATUSES.get(status, _STATUSES[400])
    return Problem(status, slug, phrase)
