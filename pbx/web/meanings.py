"""What the metrics mean that operators live by: which of them only rise, and a line of help for each.

Every other counter of a room is shown too, by its own name and without a type.
"""

from __future__ import annotations

from collections.abc import Mapping

COUNTERS = frozenset(
    {
        "ami_cut_off",
        "ami_failed_logins",
        "ami_refused",
        "auth_challenged",
        "auth_failed",
        "auth_granted",
        "codes_links_refused",
        "facts_alarms",
        "facts_auth_failures",
        "facts_calls_ended",
        "facts_calls_started",
        "facts_digits",
        "facts_door_openings",
        "facts_legs_answered",
        "facts_legs_placed",
        "facts_registrations",
        "facts_unregistrations",
        "pressure_turned_away",
        "previews_refused",
        "tokens_refused",
        "transport_dead_sends",
        "transport_faults",
        "trunks_refused",
        "trunks_strangers",
    }
)

HELP: Mapping[str, str] = {
    "ami_channels": "Channels that AMI shows now.",
    "ami_cut_off": "AMI clients dropped because they did not read.",
    "ami_failed_logins": "AMI log-ins with a wrong secret.",
    "ami_refused": "AMI connections refused: too many, or a source that failed too often.",
    "ami_sessions": "AMI connections now.",
    "auth_challenged": "SIP requests answered with a challenge.",
    "auth_failed": "SIP requests with wrong credentials.",
    "auth_granted": "SIP requests with right credentials.",
    "bindings_bindings": "Registered contacts now.",
    "bindings_flows": "Connections that hold registered contacts now.",
    "calls_live": "Calls now, ringing and talking.",
    "calls_moved": "Talks moved to another media worker because theirs died.",
    "calls_started": "Calls admitted since the start, counted by the switchboard.",
    "calls_talking": "Calls in which both sides talk now.",
    "codes_links_refused": "Links of guests that were nobody's, or of a pass that is revoked.",
    "doors_opening": "Orders to locks without an answer yet.",
    "facts_alarms": "Alarms raised, by kind.",
    "facts_auth_failures": "Failed proofs of identity that were reported.",
    "facts_calls_ended": "Calls that ended, by reason.",
    "facts_calls_started": "Calls that began.",
    "facts_digits": "Digits pressed by the answering side.",
    "facts_door_openings": "Attempts to open a door, by method and result.",
    "facts_legs_answered": "Legs that answered and won their call.",
    "facts_legs_placed": "INVITEs sent to devices.",
    "facts_registrations": "Registrations accepted, new and refreshed.",
    "facts_unregistrations": "Contacts that went, by cause.",
    "media_packets": "Media packets relayed.",
    "pressure_overloaded": "1 while new calls are refused because timers come late.",
    "pressure_stopping": "1 while the server waits for the last talks before it stops.",
    "pressure_turned_away": "Calls refused with 503 because of load or an imminent stop.",
    "previews_refused": "Asked for pictures by a word that was wrong, used, or of a ring that is over.",
    "sip_dialogs": "SIP dialogs now.",
    "sip_sessions": "SIP sessions now.",
    "sites": "Sites that run.",
    "tokens_refused": "HTTP requests with a device's token that was forged, revoked, or another's.",
    "transport_dead_sends": "Messages that had no connection left to leave by.",
    "trunks_calls": "Calls on trunks now.",
    "trunks_configured": "Trunks that are switched on.",
    "trunks_refused": "Calls to telephones that a site's limits refused.",
    "trunks_strangers": "Requests at trunks' listeners from elsewhere than their carriers.",
    "trunks_up": "Trunks that are registered or answer OPTIONS now.",
    "transport_faults": "Faults of our own in handling a message.",
}
