"""The Asterisk Manager Interface: how telecom operators watch and steer the server with the tools they have.

`wire` turns bytes into actions and fields into bytes; `conversation` is one client's session (banner, login,
classes of permission, event mask); both are sans-IO. `channels` keeps the channels the facts tell of,
`notices` turns facts into events, `actions` says what each action does, through `pbx.control`. `server` joins
them to sockets. `accounts` is the file of who may log in.

Anchor: Asterisk's main/manager.c, and the clients that live on it (asterisk-ami, panoramisk, Home Assistant).
"""
