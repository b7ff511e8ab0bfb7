"""The address in an e-mail is the public one where there is one."""

from __future__ import annotations

from flask import Flask, g

from webadmin.auth.letters import link_address, send_account_link
from webadmin.settings import Mail, Web


def test_the_address(app: Flask) -> None:
    with app.test_request_context("/"):
        assert link_address("x") == "http://localhost/choose-password/x"
        app.config["DOORLINE"].webadmin = Web(public_url="https://door.example")
        assert link_address("x") == "https://door.example/choose-password/x"


def test_a_server_that_is_away_is_no_crash(app: Flask) -> None:
    app.extensions["doorline.post"]._mail = Mail(host="127.0.0.1", port=1)
    with app.test_request_context("/"):
        g.language = "nb"
        assert not send_account_link("kari@x.example", "x", "invitation")
