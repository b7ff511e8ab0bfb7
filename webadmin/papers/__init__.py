"""Papers: the passes that a door which may be cut off holds, signed for a day."""
