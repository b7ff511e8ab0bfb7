"""A very old phone is refused cleanly, and let in where its account says that it is one."""

from __future__ import annotations

import asyncio

import pytest

from pbx.facts import AuthFailed
from tests.peers.aiosip_phone import load, old_phone
from tests.support.registrar_site import LOCAL, SITE, credential, registrar_site


def test_python_is_left_as_it_was() -> None:
    assert load().Application is not None
    assert not hasattr(asyncio, "coroutine")


async def test_refused_by_default_in_one_try() -> None:
    async with registrar_site(credential("old", "s3cret")) as site:
        async with old_phone("old", SITE, "s3cret", (LOCAL, site.port["udp"])) as phone:
            answer = await phone.register()
        assert (answer.status_code, answer.status_message) == (403, "Forbidden")
        assert site.bindings("old") == ()
        assert site.facts == [AuthFailed(SITE, "old", LOCAL, "udp", "Digest without qop")]
        assert site.authenticator.stats()["challenged"] == 1


async def test_accepted_on_an_account_marked_legacy() -> None:
    async with registrar_site(credential("old", "s3cret", legacy=True)) as site:
        async with old_phone("old", SITE, "s3cret", (LOCAL, site.port["udp"])) as phone:
            assert (await phone.register()).status_code == 200
            (binding,) = site.bindings("old")
            assert binding.user_agent.endswith("aiosip/0.1.0")  # so it calls itself
            assert (await phone.register(expires=120)).status_code == 200
            assert len(site.registered("old")) == 2
            assert (await phone.register(expires=0)).status_code == 200
            assert site.bindings("old") == ()


@pytest.mark.parametrize("user", ["old", "nobody"])
async def test_a_wrong_secret_looks_the_same_for_all(user: str) -> None:
    async with registrar_site(credential("old", "s3cret", legacy=True)) as site:
        async with old_phone(user, SITE, "guess", (LOCAL, site.port["udp"])) as phone:
            assert (await phone.register()).status_code == 403
        assert site.bindings(user) == ()
