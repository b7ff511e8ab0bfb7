"""`python -m intercom.probe`: a synthetic resident, for monitoring (PJSIP by pjsua2).

It registers, waits to be rung, answers, listens for the panel's tone, presses a digit and hangs up; one line
of JSON says what happened and when. Exit code 0: all went well, 1: something did not, 2: usage. It is the one
telephone of ours that answers by itself: give it a device of its own that nobody lives behind.
"""

from __future__ import annotations

import argparse
import array
import json
import math
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

RATE = 8000
WAV_HEADER = 44
LISTEN_SECONDS = 2.0


def share(samples: bytes, hertz: float) -> float:
    """The share of a tone in the power of 8 kHz mono 16-bit samples (Goertzel)."""
    wave = array.array("h", samples[: len(samples) // 2 * 2])
    power = sum(one * one for one in wave)
    if not wave or power < 100 * 100 * len(wave):
        return 0.0
    turn = 2 * math.cos(2 * math.pi * hertz / RATE)
    older = old = 0.0
    for one in wave:
        older, old = old, one + turn * old - older
    return (old * old + older * older - turn * old * older) / (power * len(wave) / 2)


class Probe:
    """One try. `times`: seconds since the start of each thing that happened."""

    def __init__(self, asked: argparse.Namespace, pj: Any, scratch: Path) -> None:
        self.asked, self.pj, self.scratch = asked, pj, scratch
        self.began = time.monotonic()
        self.times: dict[str, float] = {}
        self.call: Any = None
        self.endpoint = pj.Endpoint()

    def mark(self, what: str) -> None:
        """Something happened for the first time."""
        self.times.setdefault(what, round(time.monotonic() - self.began, 3))

    def run(self) -> list[str]:
        """Do it all; what did not happen, in words."""
        account = self._start()
        faults: list[str] = []
        if not self._until(lambda: "registered" in self.times, self.asked.register_seconds):
            faults.append("not registered")
        elif not self._until(lambda: "rung" in self.times, self.asked.ring_seconds):
            faults.append("not rung")
        elif not self._until(lambda: "talking" in self.times, 10.0):
            faults.append("no talk")
        else:
            faults += self._talk()
        self._end(account)
        return faults

    def _start(self) -> Any:
        pj, asked, endpoint = self.pj, self.asked, self.endpoint
        endpoint.libCreate()
        config = pj.EpConfig()
        config.uaConfig.threadCnt, config.uaConfig.mainThreadOnly = 0, True
        config.logConfig.level = config.logConfig.consoleLevel = 0
        config.medConfig.noVad = True
        config.medConfig.clockRate = config.medConfig.sndClockRate = RATE
        endpoint.libInit(config)
        endpoint.audDevManager().setNullDev()
        kind = pj.PJSIP_TRANSPORT_TCP if asked.transport == "tcp" else pj.PJSIP_TRANSPORT_UDP
        endpoint.transportCreate(kind, pj.TransportConfig())
        endpoint.libStart()
        made = _account(pj)(self)
        config = pj.AccountConfig()
        config.idUri = f"sip:{asked.user}@{asked.site}"
        config.regConfig.registrarUri = f"sip:{asked.site}"
        secret = asked.secret_file.read_text().strip()
        config.sipConfig.authCreds.append(pj.AuthCredInfo("digest", "*", asked.user, 0, secret))
        config.sipConfig.proxies.append(f"sip:{asked.server};transport={asked.transport};lr")
        made.create(config)
        return made

    def _talk(self) -> list[str]:
        faults = []
        self._until(lambda: False, LISTEN_SECONDS)
        heard = (self.scratch / "heard.wav").read_bytes()[WAV_HEADER:]
        if self.asked.tone and share(heard[-RATE * 2 :], self.asked.tone) < 0.5:
            faults.append("the tone was not heard")
        else:
            self.mark("heard")
        if self.asked.press:
            self.call.dialDtmf(self.asked.press)
            self.mark("pressed")
            self._until(lambda: False, 1.0)
        return faults

    def _until(self, done: Callable[[], bool], seconds: float) -> bool:
        end = time.monotonic() + seconds
        while not done() and time.monotonic() < end:
            self.endpoint.libHandleEvents(10)
        return done()

    def _end(self, account: Any) -> None:
        """Hang up and go; PJSIP's objects must go before its library does."""
        self.endpoint.hangupAllCalls()
        self._until(lambda: "over" in self.times or self.call is None, 2.0)
        account.shutdown()
        self._until(lambda: False, 0.3)


def _account(pj: Any) -> Any:
    """The classes PJSIP calls back, made once its module is there."""

    class Call(pj.Call):  # type: ignore[misc]
        def __init__(self, probe: Probe, account: Any, number: int) -> None:
            super().__init__(account, number)
            self.probe = probe

        def onCallState(self, prm: Any) -> None:
            if self.getInfo().state == pj.PJSIP_INV_STATE_DISCONNECTED:
                self.probe.mark("over")

        def onCallMediaState(self, prm: Any) -> None:
            info = self.getInfo()
            for place, media in enumerate(info.media):
                if media.type == pj.PJMEDIA_TYPE_AUDIO and media.status == pj.PJSUA_CALL_MEDIA_ACTIVE:
                    self.recorder = pj.AudioMediaRecorder()
                    self.recorder.createRecorder(str(self.probe.scratch / "heard.wav"))
                    self.getAudioMedia(place).startTransmit(self.recorder)
                    self.probe.mark("talking")

    class Account(pj.Account):  # type: ignore[misc]
        def __init__(self, probe: Probe) -> None:
            super().__init__()
            self.probe = probe

        def onRegState(self, prm: Any) -> None:
            if prm.code // 100 == 2:
                self.probe.mark("registered")

        def onIncomingCall(self, prm: Any) -> None:
            self.probe.mark("rung")
            self.probe.call = Call(self.probe, self, prm.callId)
            answer = pj.CallOpParam()
            answer.statusCode = 200
            self.probe.call.answer(answer)

    return Account


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one try and print its line."""
    parser = argparse.ArgumentParser(prog="python -m intercom.probe", description="A synthetic resident.")
    parser.add_argument("--server", required=True, help="host:port of the PBX")
    parser.add_argument("--site", required=True)
    parser.add_argument("--user", required=True, help="user name of the probe's own device")
    parser.add_argument("--secret-file", required=True, type=Path)
    parser.add_argument("--transport", choices=["udp", "tcp"], default="udp")
    parser.add_argument("--register-seconds", type=float, default=5.0)
    parser.add_argument("--ring-seconds", type=float, default=60.0, help="how long to wait to be rung")
    parser.add_argument("--tone", type=float, default=0.0, help="hertz the caller plays; 0: anything will do")
    parser.add_argument("--press", default="5", help='digits to press, "" for none')
    asked = parser.parse_args(arguments)
    try:
        import pjsua2
    except ImportError:
        sys.stderr.write("doorline: pjsua2 is not installed\n")
        return 2
    with tempfile.TemporaryDirectory() as scratch:
        probe = Probe(asked, pjsua2, Path(scratch))
        faults = probe.run()
    sys.stdout.write(json.dumps({"ok": not faults, "faults": faults, "seconds": probe.times}) + "\n")
    return 1 if faults else 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)  # PJSIP's destructors run in an order of their own at interpreter exit
