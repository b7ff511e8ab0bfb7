from __future__ import annotations

import pytest
from aiohttp import ClientSession

from tests.support.web import web_house


async def test_counters_are_told_to_this_machine() -> None:
    async with web_house() as house, ClientSession() as client:
        house.counters["transport_udp-received total"] = 7
        house.counters |= {"calls_live": 1, "facts_calls_ended{reason=busy}": 3}
        house.counters["facts_calls_ended{reason=normal}"] = 4
        async with client.get(f"{house.url}/metrics") as answer:
            assert answer.status == 200
            assert answer.headers["Content-Type"].startswith("text/plain")
            text = await answer.text()
    assert "doorline_calls_active 2.0" in text
    assert "# TYPE doorline_calls_live gauge" in text
    assert "# HELP doorline_calls_live Calls now, ringing and talking." in text
    assert "# TYPE doorline_facts_calls_ended_total counter" in text
    assert 'doorline_facts_calls_ended_total{reason="busy"} 3.0' in text
    assert 'doorline_facts_calls_ended_total{reason="normal"} 4.0' in text
    assert 'doorline_timer_lateness_seconds_bucket{le="+Inf"} 1.0' in text
    assert "doorline_transport_udp_received_total 7.0" in text
    assert "process_open_fds" in text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"X-Forwarded-For": "192.0.2.1"}, 403),
        ({"Forwarded": "for=192.0.2.1"}, 403),
        ({"X-Forwarded-For": "192.0.2.1", "Authorization": "Bearer wrong"}, 403),
        ({"X-Forwarded-For": "192.0.2.1", "Authorization": "Basic t0ken"}, 403),
        ({"X-Forwarded-For": "192.0.2.1", "Authorization": "Bearer t0ken"}, 200),
    ],
)
async def test_others_need_the_token(headers: dict[str, str], status: int) -> None:
    async with web_house(token="t0ken") as house, ClientSession() as client:
        async with client.get(f"{house.url}/metrics", headers=headers) as answer:
            assert answer.status == status


async def test_without_a_token_an_empty_one_opens_nothing() -> None:
    async with web_house() as house, ClientSession() as client:
        headers = {"Via": "1.1 proxy", "Authorization": "Bearer "}
        async with client.get(f"{house.url}/metrics", headers=headers) as answer:
            assert answer.status == 403
