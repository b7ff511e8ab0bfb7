"""Prints the bytes that one of ten thousand bindings takes, its flow included."""

from __future__ import annotations

import sys
import tracemalloc

from pbx.registrar.binding import Held, Offer
from pbx.registrar.location import Location
from pbx.sip.flow import Flow

SITE = "fjordgata.example"
COUNT = 10_000


def fill(location: Location) -> None:
    """Register ten thousand phones; what belongs to requests alone is not kept."""
    for number in range(COUNT):
        device = f"device-{number:06}"
        way = Flow("udp", ("192.0.2.1", 5060), (f"10.0.{number // 250}.{number % 250}", 5060), None)
        kept = Held(
            SITE,
            device,
            way,
            aor=f"user{number:05}",
            call_id=f"{number:08x}-4f1c-9b1f-a5c0d1e2f3a4",
            cseq=number + 1000,
            user_agent="".join(["Phone", "/1.2.3"]),
            seen=hash(device),
        )
        offer = Offer(f"sip:user{number:05}@10.0.{number // 250}.{number % 250}:5060;ob", 3600)
        location.commit(kept, (), [(None, offer)], number / 100)
        if number % 1000 == 0:
            location.changes(number / 100)
    location.changes(100.0)


def main() -> None:
    """Measure with the allocator's own trace."""
    location = Location()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    fill(location)
    sys.stdout.write(f"{(tracemalloc.get_traced_memory()[0] - before) / COUNT}\n")


if __name__ == "__main__":
    main()
