"""Wakes devices that sleep: Web Push (RFC 8030) with VAPID (RFC 8292) and encrypted content (RFC 8291).

`subscription` says whom one may send to, `desk` decides what is sent when, `sender` sends it, `keys` keeps
the server's own key.
"""
