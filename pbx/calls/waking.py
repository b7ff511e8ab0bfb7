"""Which devices of a call sleep and are being woken: as long as there is hope for one, its ring goes on."""

from __future__ import annotations


class Waking:
    """Devices by the rings that want them. A device that rings is `up`: hope is then its leg's."""

    __slots__ = ("_rings", "_up")

    def __init__(self) -> None:
        self._rings: dict[str, set[int]] = {}
        self._up: set[str] = set()

    def begin(self, device: str, ring: int) -> bool:
        """A ring wants this sleeping device; True when it is to be woken now."""
        new = device not in self._rings or device in self._up
        self._up.discard(device)
        self._rings.setdefault(device, set()).add(ring)
        return new

    def up(self, device: str) -> None:
        """It has said something itself."""
        self._up.add(device)

    def hopes(self, ring: int) -> bool:
        """Whether somebody of this ring may still wake up."""
        return any(ring in rings and device not in self._up for device, rings in self._rings.items())

    def lost(self, device: str) -> set[int]:
        """It cannot be woken; the rings that wanted it."""
        self._up.discard(device)
        return self._rings.pop(device, set())

    def stop(self, ring: int) -> list[str]:
        """The ring is over: devices that nobody wants any more."""
        over = []
        for device, rings in list(self._rings.items()):
            rings.discard(ring)
            if not rings:
                self.lost(device)
                over.append(device)
        return over

    def stop_all(self) -> list[str]:
        """Every ring is over."""
        over = list(self._rings)
        self._rings.clear()
        self._up.clear()
        return over
