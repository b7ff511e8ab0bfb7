"""Somebody at work in WebAdmin, in a browser without script."""

from __future__ import annotations

import asyncio
import re
import time

from aiohttp import ClientSession


class Admin:
    """Works on one site. `url` without a slash at its end."""

    def __init__(self, web: ClientSession, url: str, site: int = 1) -> None:
        self.web, self.url, self.site = web, url, site

    async def enter(self, code: str) -> None:
        """Wait for the server, then come in."""
        until = time.monotonic() + 60
        while True:
            try:
                async with self.web.get(f"{self.url}/health"):
                    break
            except OSError:
                if time.monotonic() > until:
                    raise
                await asyncio.sleep(0.2)
        async with self.web.post(f"{self.url}/enter/{code}") as answer:
            assert answer.status == 200, answer.status

    async def get(self, path: str) -> str:
        """A page."""
        async with self.web.get(self.url + path) as answer:
            assert answer.status == 200, (path, answer.status)
            return await answer.text()

    async def people(self) -> list[str]:
        """The keys of the people on the first page."""
        return re.findall(r"/people/(\d+)\"", await self.get(f"/people?site={self.site}"))

    async def list(self, turn: int) -> None:
        """People, units or buttons of the site, some page of them."""
        room = ("/people", "/units", "/buttons")[turn % 3]
        await self.get(f"{room}?site={self.site}&page={turn % 4 // 3 + 1}")

    async def search(self, turn: int) -> None:
        """Over everything, and within people."""
        everywhere, here = f"/search?q=H{turn % 5}1", f"/people?site={self.site}&q=H2{turn % 10}"
        await self.get(everywhere if turn % 2 else here)

    async def form(self, key: str) -> dict[str, str]:
        """A person's form, filled in with another alias."""
        return changed(await self.get(f"/people/{key}/edit"))

    async def save(self, key: str, form: dict[str, str]) -> None:
        """Send that form."""
        address = f"{self.url}/people/{key}/edit"
        async with self.web.post(address, data=form, allow_redirects=False) as answer:
            assert answer.status == 303, answer.status

    async def preview(self, lines: int) -> None:
        """A list of so many new people, looked at and not brought."""
        form = {"csrf_token": token(await self.get(f"/people/import?site={self.site}"))}
        people = (f",Ny {n},,u{n % 5}-{n // 5 % 50}," for n in range(lines))
        form["content"] = "\n".join(["id,name,alias,unit,number", *people])
        async with self.web.post(f"{self.url}/people/import", data=form) as answer:
            assert answer.status == 200 and "Ny 199" in await answer.text(), answer.status


def token(page: str) -> str:
    """The token of a page's forms."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found is not None
    return found[1]


def changed(page: str) -> dict[str, str]:
    """A person's form with another alias."""
    version = re.search(r'name="version"[^>]*value="([^"]+)"', page)
    name = re.search(r'name="name"[^>]*value="([^"]+)"', page)
    unit = re.search(r'<option selected value="([^"]+)"', page)
    assert version and name and unit
    alias = f"Alias {time.monotonic_ns() % 10**9}"
    form = {"csrf_token": token(page), "version": version[1], "alias": alias}
    return {**form, "name": name[1], "unit": unit[1]}
