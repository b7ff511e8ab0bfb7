"""Which actions there are besides the session's own, and which classes of permission each needs (Asterisk,
main/manager.c and the modules that register actions)."""

from __future__ import annotations

from collections.abc import Mapping

from pbx.ami.conversation import Permission


def _permission(name: str, write: str, synopsis: str) -> tuple[str, Permission]:
    return name.lower(), Permission(name, frozenset(write.split()), synopsis)


CATALOGUE: Mapping[str, Permission] = dict(
    [
        _permission("AlarmList", "system reporting", "List alarms that stand."),
        _permission("Command", "command", "Execute Asterisk CLI Command."),
        _permission("CoreSettings", "system reporting", "Show PBX core settings (version etc)."),
        _permission("CoreShowChannels", "system reporting", "List currently active channels."),
        _permission("CoreStatus", "system reporting", "Show PBX core status variables."),
        _permission("DeviceStateList", "call reporting", "List the current known device states."),
        _permission("DoorList", "system call reporting", "List doors."),
        _permission("DoorLock", "call", "Lock a door down."),
        _permission("DoorOpen", "call", "Open a door."),
        _permission("Filter", "system", "Dynamically add filters for the current manager session."),
        _permission("Getvar", "call reporting", "Gets a channel variable or function value."),
        _permission("Hangup", "system call", "Hangup channel."),
        _permission("Originate", "originate", "Originate a call."),
        _permission("PanelList", "system call reporting", "List panels."),
        _permission("PanelPicture", "system", "Ask a panel in service mode for another picture."),
        _permission("PanelRestart", "system", "Restart a panel."),
        _permission("PanelService", "system", "Put a panel in service mode, or end it."),
        _permission("PJSIPQualify", "system reporting", "Qualify a chan_pjsip endpoint."),
        _permission("PJSIPShowContacts", "system", "Lists PJSIP Contacts."),
        _permission("PJSIPShowEndpoints", "system", "Lists PJSIP endpoints."),
        _permission(
            "PJSIPShowRegistrationsOutbound", "system reporting", "Lists PJSIP outbound registrations."
        ),
        _permission("PlayDTMF", "call", "Play DTMF signal on a specific channel."),
        _permission("Redirect", "call", "Redirect (transfer) a call."),
        _permission("Reload", "system config", "Read plans and credentials again."),
        _permission("Setvar", "call", "Sets a channel variable or function value."),
        _permission("SIPpeers", "system reporting", "List SIP peers (text format)."),
        _permission("Status", "system call reporting", "List channel status."),
        _permission("TrunkList", "system reporting", "List trunks."),
        _permission("UserEvent", "user", "Send an arbitrary event."),
    ]
)
"""What is answered here; all else gets Asterisk's own error for a module that is not loaded."""
