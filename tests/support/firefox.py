"""A Firefox for tests, Debian's own, steered by Marionette (JSON behind a length, over TCP).

Notifications are windows of the browser's own here: a test reads what a person reads, and its tap is a true
one."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.peers import need

PATIENCE = 30.0
LEAST = 0.02
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
ALERT = "chrome://global/content/alerts/alert.xhtml"

PREFERENCES: dict[str, Any] = {
    "marionette.port": 0,
    "alerts.useSystemBackend": False,
    "alerts.disableSlidingEffect": True,
    "dom.push.connection.enabled": True,  # steered browsers leave it off
    "dom.push.testing.allowInsecureServerURL": True,
    "permissions.default.desktop-notification": 1,
    "permissions.default.microphone": 1,
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    "media.peerconnection.ice.loopback": True,
    "media.peerconnection.ice.obfuscate_host_addresses": False,
    "media.autoplay.default": 0,
    "intl.accept_languages": "en",
    "datareporting.policy.dataSubmissionEnabled": False,
    "services.settings.server": "data:,#nowhere",
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
}

ALERTS = f"""[...Services.wm.getEnumerator(null)]
  .filter((one) => one.location.href === "{ALERT}" && one.gIsActive)
  .map((one) => one.document)"""
READ_ALERTS = f"""return {ALERTS}.map((page) => ({{
  title: page.getElementById("alertTitleLabel").getAttribute("value"),
  text: page.getElementById("alertTextLabel").textContent,
}}))"""
TAP_ALERT = f"""{ALERTS}[0].getElementById("alertTextLabel").click(); return null"""
HELD = """const done = arguments[arguments.length - 1];
(%s)(arguments[0]).then((value) => done({ value }), (fault) => done({ fault: String(fault) }))"""


@dataclass(slots=True)
class Firefox:
    """A running browser with one tab in hand; `go_to_newest` takes another in hand."""

    process: asyncio.subprocess.Process
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    last: int = 0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def ask(self, name: str, **given: Any) -> Any:
        """One command; fails the test with what the browser says when it cannot be done."""
        fault, value = await self._ask(name, given)
        assert fault is None, f"{name}: {fault['message']}"
        return value["value"] if isinstance(value, dict) and "value" in value else value

    async def _ask(self, name: str, given: dict[str, Any]) -> tuple[Any, Any]:
        async with self.turn:
            self.last += 1
            body = json.dumps([0, self.last, name, given]).encode()
            self.writer.write(b"%d:%b" % (len(body), body))
            async with asyncio.timeout(60):
                _, _, fault, value = await self.hear()
        return fault, value

    async def hear(self) -> Any:
        """One message of the browser's."""
        length = await self.reader.readuntil(b":")
        return json.loads(await self.reader.readexactly(int(length[:-1])))

    async def go(self, url: str) -> None:
        """Load a page in the tab in hand."""
        await self.ask("WebDriver:Navigate", url=url)

    async def run(self, script: str, given: object = None) -> Any:
        """What an async function of the page comes to."""
        fault, value = await self._run(script, given)
        assert fault is None, fault
        return value

    async def _run(self, script: str, given: object) -> tuple[Any, Any]:
        fault, said = await self._ask(
            "WebDriver:ExecuteAsyncScript", {"script": HELD % script, "args": [given]}
        )
        if fault is not None or not said["value"]:
            return fault or "the page went away", None
        return said["value"].get("fault"), said["value"].get("value")

    async def until(self, script: str, given: object = None, seconds: float = PATIENCE) -> Any:
        """Wait until such a function comes to something true; the page may be another meanwhile."""
        end = time.monotonic() + seconds
        while True:
            fault, value = await self._run(script, given)
            if fault is None and value:
                return value
            if time.monotonic() > end:
                raise AssertionError(f"not so in {seconds} s: {script} {fault or ''}\n{await self.shown()}")
            await asyncio.sleep(LEAST)

    async def shown(self) -> str:
        """The words on the page."""
        return str(await self.run("async () => document.body.innerText"))

    async def see(self, at: str) -> None:
        """Wait until it is on the page."""
        await self.until("async (at) => !!document.querySelector(at)", at)

    async def click(self, at: str) -> None:
        """Touch it."""
        await self.ask("WebDriver:ElementClick", id=await self._element(at))

    async def type(self, at: str, text: str) -> None:
        """Write into a field."""
        await self.ask("WebDriver:ElementSendKeys", id=await self._element(at), text=text)

    async def _element(self, at: str) -> str:
        await self.see(at)
        found = await self.ask("WebDriver:FindElement", using="css selector", value=at)
        return str(found[ELEMENT])

    async def alerts(self) -> list[dict[str, str]]:
        """The notifications on the screen: title and text."""
        found: list[dict[str, str]] = await self._inside(READ_ALERTS)
        return found

    async def tap_alert(self) -> None:
        """Tap the notification on the screen."""
        await self._inside(TAP_ALERT)

    async def _inside(self, script: str) -> Any:
        await self.ask("Marionette:SetContext", value="chrome")
        try:
            return await self.ask("WebDriver:ExecuteScript", script=script, args=[])
        finally:
            await self.ask("Marionette:SetContext", value="content")

    async def tabs(self) -> list[str]:
        """What tabs there are, by their handles."""
        found: list[str] = await self.ask("WebDriver:GetWindowHandles")
        return found

    async def another_tab(self, known: list[str]) -> str:
        """Wait for one that is not among these."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if fresh := set(await self.tabs()) - set(known):
                return fresh.pop()
            await asyncio.sleep(LEAST)
        raise AssertionError("no other tab")

    async def take(self, tab: str) -> None:
        """Take this tab in hand."""
        await self.ask("WebDriver:SwitchToWindow", handle=tab)

    async def quit(self) -> None:
        """End it, and all it has started."""
        try:
            await asyncio.wait_for(self._ask("Marionette:Quit", {"flags": ["eForceQuit"]}), 10)
            await asyncio.wait_for(self.process.wait(), 10)
        except (TimeoutError, OSError, EOFError):
            os.killpg(self.process.pid, signal.SIGKILL)
            await self.process.wait()
        self.writer.close()


@asynccontextmanager
async def firefox(scratch: Path, **preferences: Any) -> AsyncIterator[Firefox]:
    """Start a Firefox without a screen. `preferences`: dots of their names written as two underscores."""
    program, profile = need("firefox-esr"), scratch / "firefox"
    profile.mkdir()
    wanted = PREFERENCES | {name.replace("__", "."): value for name, value in preferences.items()}
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in wanted.items()]
    (profile / "user.js").write_text("".join(lines))
    process = await asyncio.create_subprocess_exec(
        *(program, "--headless", "--no-remote", "--marionette", "--remote-allow-system-access"),
        *("--profile", str(profile)),
        env={**os.environ, "HOME": str(profile)},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        reader, writer = await _connected(profile / "MarionetteActivePort")
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        raise
    running = Firefox(process, reader, writer)
    try:
        await running.hear()  # who it is
        await running.ask("WebDriver:NewSession")
        yield running
    finally:
        await running.quit()


async def _connected(told: Path) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    async with asyncio.timeout(60):
        while not (told.exists() and told.read_text().strip()):
            await asyncio.sleep(LEAST)
        return await asyncio.open_connection("127.0.0.1", int(told.read_text()), limit=1 << 22)
