"""The PBX's small HTTP side: SIP over WebSocket at `/ws` (RFC 7118), `/health`, `/metrics`.

`side` opens the ports (plain on loopback, TLS for everybody) and closes them; `guard` keeps connections few
and brisk; `sip_socket` upgrades a WebSocket and hands it to `pbx.transport`; `health` and `metrics` tell how
the server is, and nothing of persons; `preview` shows a ringing panel to who holds its token.
"""
