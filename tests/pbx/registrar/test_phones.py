"""Registration on real sockets through the real engine: a PJSIP phone, and hand-made requests where a phone
is too good."""

from __future__ import annotations

import re
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from pbx.auth import AuthOptions
from pbx.certificates import load_or_make
from pbx.facts import AuthFailed, Unregistered
from pbx.sip.digest import answer, choose
from pbx.sip.message import Response, parse
from pbx.transport import tls
from pbx.transport.limits import Limits
from tests.pbx.transport.stack import Caller, caller_to, calling, dialling
from tests.support.peers import need_module
from tests.support.phones import phone
from tests.support.registrar_site import LOCAL, SITE, RegistrarSite, credential, registrar_site


def register(
    user: str, cseq: int, *lines: str, call: str = "", method: str = "REGISTER", uri: str = ""
) -> bytes:
    """A request of `user`."""
    more = "".join(f"{line}\r\n" for line in lines)
    return (
        f"{method} {uri or 'sip:' + SITE} SIP/2.0\r\n"
        f"Via: SIP/2.0/UDP {LOCAL}:5099;rport;branch=z9hG4bK{user}{cseq}\r\n"
        f"From: <sip:{user}@{SITE}>;tag=1\r\nTo: <sip:{user}@{SITE}>\r\nCall-ID: {call or user}\r\n"
        f"CSeq: {cseq} {method}\r\nMax-Forwards: 70\r\n{more}Content-Length: 0\r\n\r\n"
    ).encode()


def response(data: bytes) -> Response:
    """Bytes as a response."""
    parsed = parse(data)
    assert isinstance(parsed, Response)
    return parsed


def authorization(refused: Response, user: str, secret: str = "s3cret", nc: int = 1) -> str:
    """The answer to a 401."""
    assert refused.status == 401
    challenge = choose(refused.headers.all("WWW-Authenticate"))
    assert challenge is not None
    made = answer(challenge, user, method="REGISTER", uri=f"sip:{SITE}", cnonce="x", nc=nc, secret=secret)
    return f"Authorization: {made}"


@pytest.mark.peer
@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
async def test_a_pjsip_phone_registers_renews_and_leaves(tmp_path: Path, transport: str) -> None:
    need_module("pjsua2")
    context = None
    if transport == "tls":
        files = load_or_make(tmp_path / "tls", ["localhost", LOCAL])
        context = tls.server_context(files.certificate, files.key)
    async with AsyncExitStack() as stack:
        site = await stack.enter_async_context(registrar_site(credential("ola", "s3cret"), context=context))
        ola = await stack.enter_async_context(phone(tmp_path, "ola", "--transport", transport))
        await ola.register("ola", SITE, "s3cret", f"{LOCAL}:{site.port[transport]}")
        (binding,) = site.bindings("ola")
        assert binding.flow.transport == transport
        assert binding.flow.identity is not None
        assert site.registered("ola")[0].fresh
        ola.do("unregister")
        await site.until(lambda: not site.bindings("ola"))
        last = site.facts[-1]
        assert isinstance(last, Unregistered)
        assert last.cause == "removed"
        assert site.driver.stats()["faults"] == 0


@pytest.mark.peer
async def test_a_pjsip_phone_with_a_wrong_secret_gives_up(tmp_path: Path) -> None:
    need_module("pjsua2")
    async with registrar_site(credential("ola", "s3cret")) as site, phone(tmp_path, "ola") as ola:
        ola.do("register", user="ola", domain=SITE, secret="guess", server=f"{LOCAL}:{site.port['udp']}")
        await ola.expect("registration", code=401)
        assert site.bindings("ola") == ()
        assert isinstance(site.facts[0], AuthFailed)


@pytest.mark.peer
async def test_a_pjsip_phone_that_vanishes_is_gone_at_once(tmp_path: Path) -> None:
    need_module("pjsua2")
    async with registrar_site(credential("ola", "s3cret")) as site:
        async with phone(tmp_path, "ola", "--transport", "tcp") as ola:
            await ola.register("ola", SITE, "s3cret", f"{LOCAL}:{site.port['tcp']}")
            ola.process.kill()
            await site.until(lambda: not site.bindings("ola"))
        assert site.facts[-1] == Unregistered(SITE, "ola", site.registered("ola")[0].contact, "flow_lost")


async def registered(site: RegistrarSite, caller: Caller, user: str, *lines: str) -> Response:
    """Register by hand; the 200."""
    heard = len(caller.heard)
    caller.say(register(user, 1, *lines))
    refused = response((await caller.hear(heard + 1))[-1])
    caller.say(register(user, 2, authorization(refused, user), *lines))
    return response((await caller.hear(heard + 2))[-1])


async def test_the_answers_follow_the_source_never_the_contact() -> None:
    async with registrar_site(credential("ola", "s3cret")) as site:
        with calling(await caller_to((LOCAL, site.port["udp"]))) as caller:
            accepted = await registered(
                site, caller, "ola", "Contact: <sip:ola@203.0.113.9:9>", "Expires: 60"
            )
            assert accepted.status == 200
            assert accepted.headers.get("Contact") == "<sip:ola@203.0.113.9:9>;expires=60"
            assert accepted.headers.get("Date")
            assert caller.transport is not None
            (binding,) = site.bindings("ola")
            assert binding.flow.remote == caller.transport.get_extra_info("sockname")
            assert site.registered("ola")[0].source == "{}:{}".format(*binding.flow.remote)


async def test_a_connection_registers_renews_without_a_challenge_and_is_lost() -> None:
    async with registrar_site(credential("ola", "s3cret"), credential("kari", "s3cret")) as site:
        async with dialling((LOCAL, site.port["tcp"])) as peer:
            contact = "Contact: <sip:ola@10.0.0.1;transport=tcp>"
            peer.say(register("ola", 1, contact))
            peer.say(register("ola", 2, contact, authorization(response(await peer.hear()), "ola")))
            assert response(await peer.hear()).status == 200
            peer.say(register("ola", 3, contact))
            assert response(await peer.hear()).status == 200
            peer.say(register("kari", 1, contact))
            assert response(await peer.hear()).status == 401
            assert len(site.bindings("ola")) == 1
        await site.until(lambda: not site.bindings("ola"))
        assert site.location.stats()["flows"] == 0


async def test_known_and_unknown_users_get_the_same_bytes() -> None:
    async with registrar_site(credential("alma", "s3cret"), options=AuthOptions(tries=100)) as site:

        async def seen(user: str) -> list[bytes]:
            with calling(await caller_to((LOCAL, site.port["udp"]))) as caller:
                caller.say(register(user, 1))
                line = authorization(response((await caller.hear(1))[0]), user, "guess")
                caller.say(register(user, 2, line))
                caller.say(
                    register(
                        user, 3, "Authorization: " + line.partition(": ")[2].replace("nonce=", "nonce=0")
                    )
                )
                await caller.hear(3)
                caller.say(register(user, 4, method="INVITE", uri=f"sip:x@{SITE}"))
                await caller.hear(4)
                hidden = rb'nonce="[^"]*"|tag=[^;\r]*|rport=\d+|' + user.encode()
                return sorted(re.sub(hidden, b"*", each) for each in caller.heard[:4])

        assert await seen("alma") == await seen("nils")


async def test_an_unauthenticated_invite_is_not_amplified() -> None:
    """Its 401 is repeated by timer G until the ACK comes; what leaves stays within three times what came."""
    async with registrar_site() as site:
        with calling(await caller_to((LOCAL, site.port["udp"]))) as caller:
            invite = register("eve", 1, method="INVITE", uri=f"sip:ola@{SITE}")
            caller.say(invite)
            await caller.hear(1)
            while site.driver.stats()["udp_withheld"] == 0:
                deadline = site.engine.next_deadline()
                assert deadline is not None
                site.engine.handle_timeout(deadline)
                site.driver.drain()
            assert sum(len(each) for each in caller.heard) <= 3 * len(invite)


async def test_guessing_is_slowed_and_named() -> None:
    async with registrar_site(credential("ola", "s3cret"), limits=Limits(message_burst=1000)) as site:
        with calling(await caller_to((LOCAL, site.port["udp"]))) as caller:
            cseq = 0
            for _ in range(8):
                cseq += 2
                caller.say(register("ola", cseq))
                refused = response((await caller.hear(cseq - 1))[-1])
                caller.say(register("ola", cseq + 1, authorization(refused, "ola", "guess")))
                await caller.hear(cseq)
            caller.say(register("ola", cseq + 3))
            assert response((await caller.hear(cseq + 1))[-1]).status == 503
            assert sum(isinstance(fact, AuthFailed) for fact in site.facts) == 8


async def test_nothing_is_left_behind() -> None:
    async with registrar_site(credential("ola", "s3cret")) as site:
        for _ in range(20):
            async with dialling((LOCAL, site.port["tcp"])) as peer:
                peer.say(register("ola", 1, "Contact: <sip:ola@10.0.0.1>"))
                line = authorization(response(await peer.hear()), "ola")
                peer.say(register("ola", 2, line, "Contact: <sip:ola@10.0.0.1>"))
                await peer.hear()
            await site.until(lambda: not len(site.location))
        now = site.driver.clock()
        for _ in range(100):
            now += 1.0
            site.engine.handle_timeout(now)
        assert site.engine.stats()["server_transactions"] == 0
        assert site.gate.connections == 0
        assert site.location.stats() == {"bindings": 0, "flows": 0, "unsaved": 0}
