"""Settings as other rooms want them."""

from __future__ import annotations

from media.engine import MediaSettings
from pbx.settings import Settings
from pbx.transport import limits


def transport_limits(settings: Settings) -> limits.Limits:
    """Bounds of the ports."""
    sip = settings.sip
    return limits.Limits(
        messages_per_second=sip.messages_per_second,
        message_burst=sip.message_burst,
        connections=sip.connections,
        connections_per_source=sip.connections_per_source,
        trusted_sources=tuple(sip.trusted_sources),
    )


def media_settings(settings: Settings) -> MediaSettings:
    """What the media workers are told."""
    media = settings.media
    return MediaSettings(
        port_low=media.port_first,
        port_high=media.port_last,
        bind_address=media.bind_address,
        advertised_addresses=tuple(media.advertised_addresses),
        workers=media.workers,
        webrtc_port=media.webrtc_port,
        silence_seconds=float(media.silence_seconds),
        prompts=str((settings.paths.var / "prompts").absolute()),
        prompt_sources=str(media.prompts.absolute()),
    )
