"""WebAdmin beside a running system, and a browser in it."""

from __future__ import annotations

from dataclasses import dataclass

from tests.support.faces import Chromium, Page
from tests.support.phones import Phone
from tests.support.ports import free_port
from tests.support.system import System

OWNER = "eier@huset.example"
PASSWORD = "en lang setning om dører"


def settings() -> dict[str, str]:
    """What `system(...)` must be told so that WebAdmin can run beside it; without second factors."""
    return {
        "WEBADMIN__PORT": str(free_port()),
        "WEBADMIN__TLS_HOST": "",
        "WEBADMIN__WORKERS": "1",
        "WEBADMIN__SECOND_FACTOR": "[]",
    }


FACTS = """() => Object.fromEntries([...document.querySelectorAll("dl.facts > div")].map(
  (one) => [one.querySelector("dt").innerText, one.querySelector("dd").innerText]))"""


async def log_in_by_sheet(page: Page, phone: Phone) -> None:
    """Let a phone log in with what the sheet of a log-in says, and nothing else."""
    await page.see(".qr")
    facts = await page.do("run", script=FACTS)
    server = f"{facts['Server']}:{facts['Port'].split()[0]}"
    await phone.register(facts["User name"], facts["Domain"], facts["Secret"], server)


@dataclass(slots=True)
class WebAdmin:
    """A running WebAdmin. `url` has no slash at its end."""

    doorline: System
    url: str

    async def way_in(self, browser: Chromium, name: str = "admin") -> Page:
        """A page of the system's owner, whose account is made here if there is none."""
        link = (await self.doorline.command("-m", "webadmin", "link")).splitlines()[0].strip()
        page = await browser.open(name, f"{link}?lang=en", width=1280, height=900)
        await page.click("main button")
        await page.see("body.inside, #email")
        if await page.count("#email"):
            await page.type("#name", "Eier")
            await page.type("#email", OWNER)
            await page.type("#password", PASSWORD)
            await page.click("main button")
        await page.see("aside.side")
        return page


async def start_webadmin(doorline: System) -> WebAdmin:
    """Start it with an AMI account of its own; returns when it answers."""
    await doorline.command(
        *("-m", "pbx.console", "ami-account", "add", "webadmin", "--read", "user"),
        *("--write", "system,config,call,originate"),
        *("--secret-file", str(doorline.var / "webadmin-ami.secret")),
    )
    port = doorline.environment["DOORLINE_WEBADMIN__PORT"]
    program = await doorline.start("webadmin", "-m", "webadmin", "serve")
    await program.says("Booting worker", seconds=40)
    return WebAdmin(doorline, f"http://127.0.0.1:{port}")
