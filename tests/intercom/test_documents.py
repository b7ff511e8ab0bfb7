"""Documents are fetched once for each change, kept for a restart, and never taken from a foreign place."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from intercom.documents import MOST_BYTES, Documents, device_token
from intercom.store import Keeper, Store
from pbx.auth import Credential, bearer
from pbx.sip import digest


class Server:
    """Gives one document."""

    def __init__(self) -> None:
        self.status, self.body, self.etag = 200, '{"passes": []}', '"e1"'
        self.asked: list[tuple[str, str]] = []
        self.url = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        tag = request.headers.get("If-None-Match", "")
        self.asked.append((request.headers["Authorization"], tag))
        if tag == self.etag:
            return web.Response(status=304)
        whole = web.StreamResponse(status=self.status, headers={"ETag": self.etag})
        await whole.prepare(request)
        half = len(self.body) // 2
        for part in (self.body[:half], self.body[half:]):  # as a long one comes
            await whole.write(part.encode())
        return whole


@asynccontextmanager
async def fetching(directory: Path) -> AsyncIterator[tuple[Server, Documents, list[str], asyncio.Event]]:
    server, told, news = Server(), list[str](), asyncio.Event()
    app = web.Application()
    app.router.add_get("/passes", server.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert site._server is not None
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
    keeper = Keeper(Store(directory))

    async def tell(name: str, body: str) -> None:
        told.append(body)
        news.set()

    urls = {"passes": f"http://127.0.0.1:{port}/passes"}
    documents = Documents(urls, "token", None, keeper, tell)
    running = asyncio.get_running_loop().create_task(documents.run())
    try:
        yield server, documents, told, news
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        keeper.close()
        await runner.cleanup()


async def until(news: asyncio.Event) -> None:
    await asyncio.wait_for(news.wait(), 20)
    news.clear()


async def settled(server: Server, count: int) -> None:
    async with asyncio.timeout(20):
        while len(server.asked) < count:
            await asyncio.sleep(0.01)


async def test_once_for_each_change_and_again_after_a_restart(tmp_path: Path) -> None:
    async with fetching(tmp_path) as (server, documents, told, news):
        await until(news)
        documents.nudge()
        await settled(server, 2)
        assert server.asked == [("Bearer token", ""), ("Bearer token", '"e1"')]
        server.body, server.etag = '{"passes": ["x"]}', '"e2"'
        documents.nudge()
        await until(news)
        assert told == ['{"passes": []}', '{"passes": ["x"]}']
    async with fetching(tmp_path) as (server, documents, told, news):
        await until(news)  # from the disk
        assert told[0] == '{"passes": ["x"]}'


async def test_what_is_no_document_changes_nothing(tmp_path: Path) -> None:
    async with fetching(tmp_path) as (server, documents, told, news):
        await until(news)
        for status, body in ((200, "no json"), (500, "{}"), (302, "{}")):
            server.status, server.body, server.etag = status, body, '"x"'
            seen = len(server.asked)
            documents.nudge()
            await settled(server, seen + 1)
        server.status, server.body = 200, "{}"
        documents.nudge()
        await until(news)
        assert told == ['{"passes": []}', "{}"]


async def test_who_looks_gets_what_is_new(tmp_path: Path) -> None:
    async with fetching(tmp_path) as (server, documents, told, news):
        await until(news)
        server.body, server.etag = json.dumps({"passes": ["x" * 100_000] * 20}), '"e2"'
        await documents.look()
        await until(news)  # at once, but on a machine that is busy
        assert told[-1] == server.body, "all of it"
        server.status = 500
        await documents.look()
        server.status, server.etag = 200, '"e3"'
        server.body = json.dumps("x" * (MOST_BYTES + 1))
        await documents.look()
        assert len(told) == 2


async def test_who_is_known_no_more_keeps_no_papers(tmp_path: Path) -> None:
    async with fetching(tmp_path) as (server, documents, told, news):
        await until(news)
        server.status, server.etag = 401, '"none"'
        documents.nudge()
        await until(news)
        documents.nudge()
        await settled(server, 3)
        assert told == ['{"passes": []}', "{}"]
        server.status, server.etag = 200, '"e3"'
        documents.nudge()
        await until(news)
        assert [tag for _, tag in server.asked][-1] == "", "known again: all of it anew"
    async with fetching(tmp_path) as (_, _, told, news):
        await until(news)
        assert told[0] == '{"passes": []}'


async def test_an_authority_that_is_not_there_ends_nothing(tmp_path: Path) -> None:
    async with fetching(tmp_path) as (server, documents, told, news):
        await until(news)
        documents._ca_file = tmp_path / "none.pem"
        await documents.look()
        documents._ca_file = None
        server.body, server.etag = "{}", '"e2"'
        await documents.look()
        await until(news)
        assert told[-1] == "{}"


def test_our_token_is_the_one_the_pbx_knows() -> None:
    ha1 = digest.ha1("gate", "house.example", "secret", "MD5")
    wanted = bearer.token_of(Credential("house.example", "gate-device", "gate", ha1))
    assert device_token("house.example", "gate-device", "gate", "secret") == wanted
