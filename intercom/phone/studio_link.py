"""The agent's side of the studio: keeps its process, opens a call's media in it, says what is missing."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable, Mapping
from typing import Any

from intercom.child import Child
from intercom.phone.description import Descriptions, Terms, lines_of
from intercom.phone.orders import written
from intercom.settings import Settings
from media.errors import SdpError

_log = logging.getLogger(__name__)

OPEN_SECONDS = 1.0
_PATIENCE = 15  # seconds: looking for a camera takes it some
_STARTING = 60  # it loads PyAV
_WITHOUT = {
    "camera": "no picture in calls",
    "microphone": "this panel is not heard",
    "speaker": "this panel plays nothing",
    "encoder": "no picture in this call",
}


class StudioLink:
    """One studio process at a time. `tell` gets a line for whoever looks at the agent's output; `on_lost` is
    told that the process has ended, and with it the media of every call; `on_camera` whether there is one, of
    those who have one."""

    def __init__(
        self,
        settings: Settings,
        tell: Callable[[str], None],
        on_lost: Callable[[], None] = lambda: None,
        on_camera: Callable[[bool], None] = lambda there: None,
    ) -> None:
        self._audio, self._video, self._tell = settings.audio, settings.video, tell
        self._on_lost, self._on_camera = on_lost, on_camera
        self._numbers = 0
        self._asked: dict[int, asyncio.Future[Mapping[str, int]]] = {}
        command = (sys.executable, "-m", "intercom.phone.studio", str(settings.path))
        self._child = Child("studio", command, self._take, self._lost, patience=_PATIENCE, starting=_STARTING)

    @property
    def pid(self) -> int | None:
        """The studio's process; None between two."""
        return self._child.pid

    async def run(self) -> None:
        """Keep a studio alive until cancelled."""
        await self._child.run()

    async def open(self, host: str, *, secure: bool) -> Scene | None:
        """Ports on our address `host` for one call; None, and a line in the log, when there is no studio.

        `secure`: sound and picture go by SRTP, whose keys the descriptions carry (RFC 4568).
        """
        self._numbers += 1
        number = self._numbers
        asked: asyncio.Future[Mapping[str, int]] = asyncio.get_running_loop().create_future()
        self._asked[number] = asked
        try:
            if not self.send({"do": "open", "talk": number, "host": host}):
                raise OSError("it is not running")
            async with asyncio.timeout(OPEN_SECONDS):
                ports = await asked
        except (OSError, TimeoutError) as error:
            why = "it is late" if isinstance(error, TimeoutError) else error
            _log.error("no studio for this call (%s): neither picture nor microphone", why)
            self.send({"do": "close", "talk": number})
            return None
        finally:
            del self._asked[number]
        pictures = self._video.codecs if "video" in ports else ()
        lines = lines_of(self._audio.codecs, pictures, secure=secure)
        return Scene(self, number, Descriptions(host, ports, lines))

    def send(self, command: Mapping[str, object]) -> bool:
        """Tell the studio; False if there is none."""
        return self._child.send(command)

    def _take(self, fields: Mapping[str, Any]) -> None:
        asked = self._asked.get(fields.get("talk", 0))
        match fields.get("event"):
            case "opened" if asked is not None and not asked.done():
                asked.set_result(fields["ports"])
            case "failed" if asked is not None and not asked.done():
                asked.set_exception(OSError(fields["why"]))
            case "lacks":
                what = str(fields["what"])
                _log.warning("no %s (%s): %s", what, fields["why"], _WITHOUT.get(what, "the call goes on"))
                if what == "camera":
                    self._on_camera(False)
            case "found":
                self._on_camera(True)
            case "ready":
                self._tell(f"studio ready video={int(fields['video'])}")
            case "closed":
                sent = " ".join(f"{kind}={count}" for kind, count in fields["sent"].items())
                self._tell(
                    f"studio sent {sent} heard={fields['heard']} keys={fields['keys']}"
                    f" encoder={fields['encoder'] or '-'}"
                )

    def _lost(self) -> None:
        self._tell("studio away")
        if self._video.source != "none":
            self._on_camera(False)
        for asked in self._asked.values():
            if not asked.done():
                asked.set_exception(OSError("it has ended"))
        self._on_lost()


class Scene:
    """One call's media in the studio: a `Medium`."""

    def __init__(self, link: StudioLink, number: int, descriptions: Descriptions) -> None:
        self._link, self._number, self._descriptions = link, number, descriptions
        self._live = False

    def description(self) -> bytes:
        """Our offer."""
        return self._descriptions.offer()

    def talk_to(self, description: bytes, *, live: bool = True) -> bool:
        """Their answer; False if it takes none of our sound. `live`: the call is answered."""
        try:
            terms = self._descriptions.accept(description)
        except SdpError:
            return False
        if "audio" not in terms:
            return False
        self._agree(terms, live)
        return True

    def answer(self, offer: bytes) -> bytes | None:
        """Our answer to an offer of theirs; None when nothing in it fits."""
        try:
            body, terms = self._descriptions.answer(offer)
        except SdpError:
            return None
        self._agree(terms, self._live)
        return body

    def key_picture(self) -> None:
        """They want a key picture (RFC 5168)."""
        self._link.send({"do": "key", "talk": self._number})

    def close(self) -> None:
        """End at once."""
        self._link.send({"do": "close", "talk": self._number})

    def _agree(self, terms: Mapping[str, Terms], live: bool) -> None:
        self._live = self._live or live
        order = {"do": "agree", "talk": self._number, "live": self._live, "terms": written(terms)}
        self._link.send(order)
