"""Shipped configuration, and how the server's processes read it."""
