"""SRTP and SRTCP of one peer, both ways, by libsrtp (RFC 3711, 7714).

pylibsrtp's own buffer ends at 1,356 bytes of RTP, less than some panels send, and it makes a new length
cell per packet; so the calls into libsrtp are made here, with a larger buffer that is used again.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pylibsrtp import Policy, Session
from pylibsrtp._binding import ffi, lib

Address = tuple[str, int]
Read = Callable[[int, int], bytes]
ReadFrom = Callable[[int, int], tuple[bytes, Any]]
MAX_BYTES = 3900
_BUFFER = 4096
_WINDOW = 1024
_HEAD = 12


@dataclass(frozen=True, slots=True)
class Suite:
    """A protection profile: its name in SDES (RFC 4568, 7714) and its lengths in bytes."""

    name: str
    profile: int
    key: int
    salt: int


AES_128_GCM = Suite("AEAD_AES_128_GCM", Policy.SRTP_PROFILE_AEAD_AES_128_GCM, 16, 12)
AES_128_CM = Suite("AES_CM_128_HMAC_SHA1_80", Policy.SRTP_PROFILE_AES128_CM_SHA1_80, 16, 14)
AES_128_CM_32 = Suite("AES_CM_128_HMAC_SHA1_32", Policy.SRTP_PROFILE_AES128_CM_SHA1_32, 16, 14)
SUITES = {suite.name: suite for suite in (AES_128_GCM, AES_128_CM, AES_128_CM_32)}


@dataclass(frozen=True, slots=True)
class Keys:
    """Master keys, each with its salt behind it: what we send is by `ours`, what comes by `theirs`."""

    suite: Suite
    ours: bytes
    theirs: bytes

    def __repr__(self) -> str:
        return f"Keys({self.suite.name})"


class Protection:
    """Protects what goes to one peer and opens what comes from it. What does not verify opens to b""."""

    __slots__ = ("_buffer", "_cells", "_in", "_in_context", "_length", "_out", "_out_context", "keys")

    def __init__(self, keys: Keys) -> None:
        self.keys = keys
        self._out = Session(_policy(keys.suite, keys.ours, Policy.SSRC_ANY_OUTBOUND))
        self._in = Session(_policy(keys.suite, keys.theirs, Policy.SSRC_ANY_INBOUND))
        self._out_context, self._in_context = self._out._srtp[0], self._in._srtp[0]
        self._cells = ffi.new("char[]", _BUFFER)
        self._buffer = ffi.buffer(self._cells)
        self._length = ffi.new("int *")

    def protect(self, data: bytes) -> bytes:
        """An RTP packet as SRTP; b"" when it cannot be protected (too long, too old)."""
        size = len(data)
        if not _HEAD <= size <= MAX_BYTES:
            return b""
        buffer, length = self._buffer, self._length
        buffer[0:size] = data
        length[0] = size
        if lib.srtp_protect(self._out_context, self._cells, length):
            return b""
        return buffer[0 : length[0]]   # type: ignore[no-any-return]

    def unprotect(self, data: bytes) -> bytes:
        """An SRTP packet opened; b"" when it does not verify or came before."""
        size = len(data)
        if not _HEAD <= size <= _BUFFER:
            return b""
        buffer, length = self._buffer, self._length
        buffer[0:size] = data
        length[0] = size
        if lib.srtp_unprotect(self._in_context, self._cells, length):
            return b""
        return buffer[0 : length[0]]   # type: ignore[no-any-return]

    def protect_rtcp(self, data: bytes) -> bytes:
        """An RTCP compound as SRTCP; b"" when it cannot be."""
        return self._control(data, lib.srtp_protect_rtcp, self._out_context, MAX_BYTES)

    def unprotect_rtcp(self, data: bytes) -> bytes:
        """An SRTCP compound opened; b"" when it does not verify or came before."""
        return self._control(data, lib.srtp_unprotect_rtcp, self._in_context, _BUFFER)

    def _control(self, data: bytes, run: object, context: object, top: int) -> bytes:
        size = len(data)
        if not 8 <= size <= top:
            return b""
        self._buffer[0:size] = data
        self._length[0] = size
        if run(context, self._cells, self._length):   # type: ignore[operator]
            return b""
        return self._buffer[0 : self._length[0]]   # type: ignore[no-any-return]


def _policy(suite: Suite, key: bytes, which: int) -> Policy:
    made = Policy(key=key, ssrc_type=which, srtp_profile=suite.profile)
    made.allow_repeat_tx = True   # a packet asked for again goes out again
    made.window_size = _WINDOW
    return made


def opened(sock: socket.socket, unprotect: Callable[[bytes], bytes]) -> tuple[Read, ReadFrom]:
    """A socket's two reads under protection: what does not verify is empty and from nowhere."""
    recv, recvfrom = sock.recv, sock.recvfrom

    def read(size: int, flags: int = 0) -> bytes:
        return unprotect(recv(size, flags))

    def read_from(size: int, flags: int = 0) -> tuple[bytes, Address]:
        data, address = recvfrom(size, flags)
        packet = unprotect(data)
        return (packet, address) if packet else (b"", ("", 0))

    return read, read_from
