"""Whole stories on real SIP stacks over loopback."""
