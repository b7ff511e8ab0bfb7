"""Who is reached over a WebSocket is a browser, unless the operator says otherwise."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from pbx.calls.surroundings import Surroundings
from pbx.sip.flow import Flow

NOBODY = ("127.0.0.1", 1)


def around(**other: Any) -> Surroundings:
    names = ("engine", "media", "plans", "location", "doors", "facts", "civil", "token")
    return Surroundings(**{name: cast(Any, SimpleNamespace()) for name in names}, **other)


@pytest.mark.parametrize(
    ("transport", "profile"), [("udp", "plain"), ("tls", "plain"), ("ws", "webrtc"), ("wss", "webrtc")]
)
def test_a_flow_s_profile(transport: Any, profile: str) -> None:
    flow = Flow(transport, NOBODY, NOBODY)
    assert around().profile(flow) == profile
    assert around(web_profile="plain").profile(flow) == "plain"


@pytest.mark.parametrize(
    ("transport", "profile"), [("udp", "plain"), ("tcp", "plain"), ("tls", "sdes"), ("wss", "webrtc")]
)
def test_keys_in_a_description_are_offered_over_tls_only(transport: Any, profile: str) -> None:
    assert around(tls_profile="sdes").profile(Flow(transport, NOBODY, NOBODY)) == profile


def test_prompts_are_in_the_sites_language_where_it_is_spoken() -> None:
    spoken = [around().spoken(tag) for tag in ("en", "en-GB", "nb", "nn_NO", "no", "de", "")]
    assert spoken == ["en", "en", "nb", "nb", "nb", "nb", "nb"]
    assert around(language="en", languages=frozenset({"de"})).spoken("nb") == "en"
