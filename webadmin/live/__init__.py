"""Live: calls of this moment, and who is there."""
