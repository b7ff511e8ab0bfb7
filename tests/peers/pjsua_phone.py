"""A PJSIP telephone in a process of its own, steered by JSON lines.

PJSIP allows one endpoint a process, so each phone of a test is one process:

    python -m tests.peers.pjsua_phone --port 0 --tone 440 --record /tmp/heard.wav

Commands on stdin, one JSON object a line, `do` names them: register, renew, call, ring, answer, refuse,
hangup, hold, unhold, dtmf, info, quit. Events on stdout likewise, `event` names them: ready,
registration, incoming, state, media, pressed, digit, message (each SIP request or response that PJSIP hands
to a call, whole). Times are monotonic nanoseconds, to be compared with other processes' edges.
"""

from __future__ import annotations

import argparse
import json
import os
import select
import sys
import time
from collections.abc import Callable
from typing import Any

import pjsua2 as pj

from tests.support.sound import RATE, write_tone


def say(event: str, **more: Any) -> None:
    """Write one event line."""
    line = json.dumps({"event": event, "ns": time.monotonic_ns(), **more})
    sys.stdout.write(line + "\n")
    sys.stdout.flush()

FIRST_MEDIA_PORT = 7000


class Call(pj.Call):  # type: ignore[misc]
    """A call that reports everything PJSIP says of it."""

    def __init__(self, phone: Phone, call_id: int = pj.PJSUA_INVALID_ID) -> None:
        super().__init__(phone.account, call_id)
        self.phone = phone

    def onCallState(self, prm: Any) -> None:
        info = self.getInfo()
        say("state", call=info.id, state=info.stateText, code=info.lastStatusCode, reason=info.lastReason)
        if info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self.phone.calls.pop(info.id, None)
            self.phone.ended.append(self)

    def onCallTsxState(self, prm: Any) -> None:
        event = prm.e.body.tsxState
        if event.type == pj.PJSIP_EVENT_RX_MSG:
            say("message", call=self.getInfo().id, text=event.src.rdata.wholeMsg)

    def onCallMediaState(self, prm: Any) -> None:
        info = self.getInfo()  # kept: its media live only as long as it does
        for index, media in enumerate(info.media):
            if media.type == pj.PJMEDIA_TYPE_AUDIO and media.status == pj.PJSUA_CALL_MEDIA_ACTIVE:
                audio = self.getAudioMedia(index)
                if self.phone.player is not None:
                    self.phone.player.startTransmit(audio)
                self.phone.audio = audio
                if self.phone.recorder is not None:
                    audio.startTransmit(self.phone.recorder)
            say("media", call=info.id, status=media.status, kind=media.type)

    def onDtmfDigit(self, prm: Any) -> None:
        say("digit", call=self.getInfo().id, digit=prm.digit, method=prm.method)


class Account(pj.Account):  # type: ignore[misc]
    """The phone's one account."""

    def __init__(self, phone: Phone) -> None:
        super().__init__()
        self.phone = phone

    def onRegState(self, prm: Any) -> None:
        say("registration", code=prm.code, reason=prm.reason, expires=prm.expiration)

    def onIncomingCall(self, prm: Any) -> None:
        call = Call(self.phone, prm.callId)
        self.phone.calls[prm.callId] = call
        say("incoming", call=prm.callId, remote=call.getInfo().remoteUri, text=prm.rdata.wholeMsg)
        if self.phone.auto is not None:
            reply = pj.CallOpParam()
            reply.statusCode = self.phone.auto
            call.answer(reply)


class Phone:
    """One endpoint, one account, any number of calls."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.calls: dict[int, Call] = {}
        self.ended: list[Call] = []
        self.auto: int | None = options.auto
        self.endpoint = pj.Endpoint()
        self.endpoint.libCreate()
        config = pj.EpConfig()
        config.uaConfig.threadCnt = 0
        config.uaConfig.mainThreadOnly = True
        config.logConfig.level = options.log
        config.logConfig.consoleLevel = options.log
        config.medConfig.noVad = True
        config.medConfig.clockRate = RATE
        config.medConfig.sndClockRate = RATE
        self.endpoint.libInit(config)
        self.endpoint.audDevManager().setNullDev()
        self._listen()
        self.endpoint.libStart()
        self._codecs()
        self.audio: Any = None
        self.player = self._player()
        self.recorder = self._recorder()
        self.account = Account(self)

    def _listen(self) -> None:
        transport = pj.TransportConfig()
        transport.port = self.options.port
        transport.boundAddress = "127.0.0.1"
        kind = {
            "udp": pj.PJSIP_TRANSPORT_UDP,
            "tcp": pj.PJSIP_TRANSPORT_TCP,
            "tls": pj.PJSIP_TRANSPORT_TLS,
        }[self.options.transport]
        if self.options.transport == "tls":
            transport.tlsConfig.method = pj.PJSIP_TLSV1_2_METHOD
        self.endpoint.transportCreate(kind, transport)

    def _codecs(self) -> None:
        for codec in self.endpoint.codecEnum2():
            wanted = any(codec.codecId.startswith(name) for name in self.options.codecs.split(","))
            self.endpoint.codecSetPriority(codec.codecId, 200 if wanted else 0)

    def _player(self) -> Any:
        if not self.options.tone:
            return None
        path = f"{self.options.scratch}/tone-{os.getpid()}.wav"
        write_tone(path, self.options.tone)
        player = pj.AudioMediaPlayer()
        player.createPlayer(path)
        return player

    def _recorder(self) -> Any:
        if not self.options.record:
            return None
        recorder = pj.AudioMediaRecorder()
        recorder.createRecorder(self.options.record)
        return recorder

    # Commands.

    def register(
        self, user: str, domain: str, secret: str, server: str, expires: int = 300, aor: str = ""
    ) -> None:
        config = pj.AccountConfig()
        config.idUri = f"sip:{aor or user}@{domain}"
        suffix = "" if self.options.transport == "udp" else f";transport={self.options.transport}"
        config.regConfig.registrarUri = f"sip:{domain}"
        config.regConfig.timeoutSec = expires
        config.regConfig.registerOnAdd = expires > 0
        config.sipConfig.proxies.append(f"sip:{server}{suffix};lr")
        config.sipConfig.authCreds.append(pj.AuthCredInfo("digest", "*", user, 0, secret))
        config.callConfig.timerUse = self.options.timer
        config.callConfig.prackUse = self.options.prack
        if self.options.srtp:
            config.mediaConfig.srtpUse = pj.PJMEDIA_SRTP_MANDATORY
            config.mediaConfig.srtpSecureSignaling = 0
        # A port that another phone had a moment ago may still be sent to, and PJSIP follows who sends.
        config.mediaConfig.transportConfig.port = FIRST_MEDIA_PORT + os.getpid() % 1300 * 10
        config.mediaConfig.transportConfig.boundAddress = "127.0.0.1"
        config.mediaConfig.transportConfig.publicAddress = "127.0.0.1"
        self.account.create(config)

    def renew(self) -> None:
        self.account.setRegistration(True)

    def unregister(self) -> None:
        self.account.setRegistration(False)

    def call(self, to: str) -> None:
        call = Call(self)
        call.makeCall(to, pj.CallOpParam(True))
        self.calls[call.getInfo().id] = call

    def ring(self, call: int = -1) -> None:
        self._answer(call, 180)

    def answer(self, call: int = -1) -> None:
        self._answer(call, 200)

    def refuse(self, code: int = 603, call: int = -1) -> None:
        self._answer(call, code)

    def hangup(self, call: int = -1) -> None:
        self._one(call).hangup(pj.CallOpParam())

    def hold(self, call: int = -1) -> None:
        self._one(call).setHold(pj.CallOpParam())

    def unhold(self, call: int = -1) -> None:
        prm = pj.CallOpParam(True)
        prm.opt.flag = pj.PJSUA_CALL_UNHOLD
        self._one(call).reinvite(prm)

    def dtmf(self, digits: str, call: int = -1) -> None:
        self._one(call).dialDtmf(digits)
        say("pressed", digits=digits)

    def info(self, digits: str, call: int = -1) -> None:
        prm = pj.CallSendDtmfParam()
        prm.digits = digits
        prm.method = pj.PJSUA_DTMF_METHOD_SIP_INFO
        prm.duration = 160
        self._one(call).sendDtmf(prm)

    def close(self) -> None:
        """Hang up, let PJSIP finish, and only then let go of its objects (it asserts otherwise)."""
        self.endpoint.hangupAllCalls()
        until = time.monotonic() + 1.0
        while self.calls and time.monotonic() < until:
            self.endpoint.libHandleEvents(5)
        self.account.shutdown()
        self.player = self.recorder = None
        self.endpoint.libDestroy()
        sys.stdout.flush()
        os._exit(0)  # PJSIP's destructors run in an order of their own at interpreter exit

    def _answer(self, call: int, code: int) -> None:
        prm = pj.CallOpParam()
        prm.statusCode = code
        self._one(call).answer(prm)

    def _one(self, call: int) -> Call:
        return self.calls[call] if call >= 0 else next(iter(self.calls.values()))


def commands(phone: Phone) -> dict[str, Callable[..., None]]:
    """What may be asked of a phone."""
    verbs = "register renew unregister call ring answer refuse hangup hold unhold dtmf info".split()
    return {verb: getattr(phone, verb) for verb in verbs}


def serve(phone: Phone) -> None:
    """Take commands and drive PJSIP until `quit` or the end of stdin."""
    verbs = commands(phone)
    pending = b""
    while True:
        phone.endpoint.libHandleEvents(5)
        phone.ended.clear()
        if not select.select([0], [], [], 0)[0]:
            continue
        chunk = os.read(0, 65536)
        pending += chunk
        *lines, pending = pending.split(b"\n")
        for line in lines:
            command = json.loads(line)
            verb = command.pop("do")
            if verb == "quit":
                return
            try:
                verbs[verb](**command)
            except Exception as fault:
                say("fault", do=verb, text=str(fault) or type(fault).__name__)
        if not chunk:
            return


def main() -> None:
    """Parse the options, then serve."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--transport", default="udp", choices=["udp", "tcp", "tls"])
    parser.add_argument("--tone", type=float, default=0.0)
    parser.add_argument("--record", default="")
    parser.add_argument("--scratch", default="/tmp")
    parser.add_argument("--codecs", default="PCMA/8000,PCMU/8000")
    parser.add_argument("--auto", type=int, default=None, help="status sent to every incoming call")
    parser.add_argument("--timer", type=int, default=1, help="session timer: 0 off, 1 optional, 3 always")
    parser.add_argument("--prack", type=int, default=0)
    parser.add_argument("--srtp", action="store_true", help="media by SDES or not at all")
    parser.add_argument("--log", type=int, default=0)
    phone = Phone(parser.parse_args())
    say("ready")
    try:
        serve(phone)
    finally:
        phone.close()


if __name__ == "__main__":
    main()
