"""The four transactions of RFC 3261 section 17 with the accepted states of RFC 6026, and the table that
matches them.

``client`` and ``server`` carry every method but INVITE, ``invite_client`` and ``invite_server`` carry INVITE.
A
transaction absorbs retransmissions and makes its own; what its user hears is each thing once.
"""
