"""Links by which a telephone fetches its log-in."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from tests.webadmin.conftest import AT
from webadmin.db import writing
from webadmin.devices.links import LIFE, make_link, use_link
from webadmin.models import ProvisioningLink

HOUSE = "fjordgata.example"


def test_once_in_time_and_only_the_newest(published: Flask) -> None:
    with writing() as session:
        old = make_link(session, HOUSE, "kari-phone", AT)
        new = make_link(session, HOUSE, "kari-phone", AT)
        other = make_link(session, HOUSE, "ola-app", AT)
    with writing() as session:
        assert use_link(session, old, AT) is None
        assert use_link(session, new, AT) == (HOUSE, "kari-phone")
        assert use_link(session, new, AT) is None
        assert use_link(session, other, AT + LIFE) is None
    with writing() as session:
        make_link(session, HOUSE, "kari-phone", AT)
        make_link(session, HOUSE, "ola-app", AT + LIFE + timedelta(seconds=1))
        assert session.query(ProvisioningLink).count() == 1
