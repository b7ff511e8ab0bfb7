"""What a trunk is."""

from __future__ import annotations

from tests.support.carriers import registering, trunk


def test_where_it_may_call_from() -> None:
    one = trunk(addresses=("192.0.2.48/29", "2001:db8::/32", "198.51.100.7"))
    assert one.sends_from("192.0.2.50")
    assert one.sends_from("2001:db8::5")
    assert one.sends_from("198.51.100.7")
    assert not one.sends_from("192.0.2.60")
    assert not one.sends_from("fe80::1%eth0")
    assert not one.sends_from("nowhere")


def test_how_uris_write_it_and_that_its_password_is_shown_nowhere() -> None:
    assert trunk(host="2001:db8::1", port=5070).uri_host == "[2001:db8::1]:5070"
    assert trunk(host="sip.a").uri_host == "sip.a"
    assert "s3cret" not in repr(registering())
