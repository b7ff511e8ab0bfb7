"""Sockets, connections and the clock under `pbx.sip`: UDP, TCP, TLS and WebSocket (RFC 3261 section 18)."""
