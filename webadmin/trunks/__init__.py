"""Trunks of the node: what carriers there are, and how we speak to them."""
