"""The only SQL in the PBX: reads plans and credentials, writes bindings and visits behind the calls.

Every query runs in one of two threads of this room, never on the event loop, and nothing here raises
into a call: with the database away the PBX goes on with what it knows (ARCHITECTURE decisions 2, 3).
"""
