"""Lockdown: every door that may be locked, at once, for a while, and the way back."""
