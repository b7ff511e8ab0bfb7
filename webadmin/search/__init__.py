"""Search over everything within reach."""
