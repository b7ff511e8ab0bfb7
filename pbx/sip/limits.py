"""What one engine carries at most before it answers 503 with Retry-After (RFC 3261 section 21.5.4)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Counts and lengths; all times in seconds. The defaults suit one node with several thousand doors."""

    sessions: int = 20_000
    """INVITE usages alive at once, both roles."""
    transactions: int = 400_000
    """Server transactions remembered; a finished one over UDP is kept 32 s for its retransmissions (timer
    J)."""
    early_dialogs: int = 16
    """Forks of one INVITE that are told apart; later ones are left alone until they answer."""
    invite_seconds: float = 180.0
    """Longest life of an unanswered INVITE when no Expires says less (timer C)."""
    flow_grace_seconds: float = 0.0
    """How long an answered session survives the loss of its flow, waiting for the peer to come back."""
    retry_after: int = 5
    """Retry-After in a 503, seconds."""
