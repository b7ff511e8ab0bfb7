"""Tests mirror the sources; scenarios, peers, bench and fuzz stand beside them."""
