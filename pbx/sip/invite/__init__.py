"""The INVITE usage: what becomes of an INVITE, from either side, until the session is over.

``initiator`` sends one and follows its forks, ``acceptor`` answers one; both lead to a ``session`` that
refreshes
(``session_timer``, RFC 4028), renegotiates (``offers``, RFC 3261 section 14 and RFC 3311), and ends.
``provisional`` is RFC 3262. A verb on a session that is already over does nothing: the peer may have been
quicker.
"""
