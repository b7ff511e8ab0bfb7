"""Passes for guests and craftsmen: made, shared, revoked; the page a guest sees; papers for panels."""
