"""/api/v1: the resident app's JSON API, one file per subject."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from webadmin.resident import (
    household,
    me,
    own_buttons,
    own_data,
    own_devices,
    own_guests,
    pairing,
    pushes,
    ringing,
    way_in,
)
from webadmin.resident.answers import Problem, as_json

pages = Blueprint("api", __name__, url_prefix="/api/v1")

for _part in (
    *(way_in, me, own_devices, own_buttons, own_guests, household, pushes, ringing, own_data, pairing),
):
    _part.add_to(pages)


@pages.errorhandler(Problem)
def refused(problem: Problem) -> ResponseReturnValue:
    """A problem, in JSON."""
    return as_json(problem)
