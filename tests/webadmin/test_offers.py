"""What forms offer."""

from __future__ import annotations

from flask import Flask, g
from wtforms import Form, SelectField

from webadmin import offers
from webadmin.auth.reach import Reach, raise_wall
from webadmin.db import db
from webadmin.models import Site


class Some(Form):
    """A form."""

    door = SelectField("Door")


def test_only_what_is_within_reach_but_what_is_set_stays(published: Flask) -> None:
    with published.test_request_context("/"):
        g.language = "nb"
        raise_wall(Reach(everything=True))
        house = db.session.query(Site).filter_by(domain="fjordgata.example").one()
        assert len(offers.doors(house)) == 2
        office = db.session.query(Site).filter_by(domain="kontor.example").one()
        raise_wall(Reach(organisations=(office.organisation_id,)))
        assert offers.doors(house) == [] and len(offers.whole(house).doors) == 2
        form = Some()
        offers.offer(form.door, [("a", "A")], now="b", none="None")
        assert [choice.value for choice in form.door.choices] == ["", "a", "b"]  # type: ignore[union-attr]
