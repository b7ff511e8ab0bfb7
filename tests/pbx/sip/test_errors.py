from __future__ import annotations

from pbx.sip.errors import PeerError


def test_a_peer_error_says_what_to_answer() -> None:
    error = PeerError(414, "Request-URI Too Long")
    assert str(error) == "414 Request-URI Too Long"
    assert (error.status, error.request, error.fatal) == (414, None, False)
