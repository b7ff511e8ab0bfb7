"""A SIP library that has never heard of a telephone server: sans-IO, time and randomness are handed in (RFC
3261).

Floors, each importing only those above it:

* ``errors``, ``flow``, ``grammar``: what everything else needs
* ``uri``, ``fields``, ``digest``: one header value or URI, parsed and printed
* ``headers``, ``message``, ``check``, ``framing``: whole messages, from and to bytes
* ``transactions``, ``dialog``, ``invite``, ``engine``: behaviour in time

Parsing is lazy: the head is split into lines once, a field is parsed when somebody asks for it, and a line
that nobody touched leaves as it came. Whatever a peer sends, the only error raised is ``PeerError``.
"""
