"""What a camera sees that a QR code is held up to: a still YUV4MPEG2 for Chromium's fake camera."""

from __future__ import annotations

from pathlib import Path

import segno

WIDTH, HEIGHT = 640, 480


def hold_up(path: Path, text: str) -> None:
    """Write the picture of a pass with this text; an empty text: a grey wall. Cameras opened later see it."""
    luma = [bytearray(b"\x80" * WIDTH) for _ in range(HEIGHT)]
    if text:
        rows = [list(row) for row in segno.make(text, error="m").matrix_iter(border=4)]
        scale = HEIGHT // len(rows)
        left, top = (WIDTH - scale * len(rows)) // 2, (HEIGHT - scale * len(rows)) // 2
        for y, row in enumerate(rows):
            line = b"".join((b"\x10" if dark else b"\xeb") * scale for dark in row)
            for deep in range(scale):
                luma[top + y * scale + deep][left : left + len(line)] = line
    colours = b"\x80" * (WIDTH * HEIGHT // 2)
    head = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode()
    frame = b"FRAME\n" + b"".join(luma) + colours
    fresh = path.with_suffix(".new")
    fresh.write_bytes(head + frame * 2)
    fresh.replace(path)
