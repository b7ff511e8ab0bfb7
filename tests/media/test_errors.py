"""Errors carry what the caller answers with."""

from __future__ import annotations

from media.errors import MediaError, MediaMisuse, NoCapacity, SdpError


def test_a_wrong_description_is_400_unless_said() -> None:
    assert (SdpError("x").status, SdpError("x", 488).status, SdpError("x").reason) == (400, 488, "x")


def test_all_are_media_errors() -> None:
    assert all(issubclass(kind, MediaError) for kind in (SdpError, NoCapacity, MediaMisuse))
