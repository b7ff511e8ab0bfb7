"""Dial groups and rights as the plan holds them: references checked, time windows resolved."""

from __future__ import annotations

from dataclasses import dataclass

from dialplan.rows import MemberKind, Method, Ringing
from dialplan.schedule import Window


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a group; `kind` says what `id` names. `timeout` None: until the group or step is over."""

    kind: MemberKind
    id: str
    on: bool
    delay: int
    timeout: int | None
    window: Window | None
    confirm: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A dial group; `ring_seconds` counts when ringing is simultaneous, `step_seconds` and `rings_on` when
    sequential.
    """

    id: str
    name: str
    members: tuple[Member, ...]
    ringing: Ringing
    ring_seconds: int
    step_seconds: int
    rings_on: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """A right: these people, and everybody of these units and buildings, may open these doors so, in the
    window (None: always).
    """

    id: str
    doors: frozenset[str]
    people: frozenset[str]
    units: frozenset[str]
    buildings: frozenset[str]
    methods: frozenset[Method]
    window: Window | None
