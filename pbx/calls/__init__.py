"""Calls: who is rung, who won, what a pressed digit does.

`ringing` interprets a Route on a clock handed in; `call` is the whole call as a pure machine, events
in and effects out; `runner` performs the effects on SIP sessions and media; `admission` decides
whether an INVITE becomes a call; `switchboard` holds all that live.
"""
