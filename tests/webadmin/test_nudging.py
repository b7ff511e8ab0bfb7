"""The PBX is told after the answer has left."""

from __future__ import annotations

from flask import Flask, g
from flask.wrappers import Response

from webadmin.nudging import nudge, run_afterwards
from webadmin.pbx_link import PbxAway


class Pbx:
    """A link that counts."""

    told = 0

    def reload(self) -> None:
        """Count, and be away."""
        self.told += 1
        raise PbxAway("x")


def test_a_nudge_waits_for_the_answer(app: Flask) -> None:
    link = app.extensions["doorline.pbx"] = Pbx()
    with app.test_request_context("/"):
        nudge()
        response = run_afterwards(Response("x"))
        assert link.told == 0 and "afterwards" not in g
        response.close()
    assert link.told == 1
