"""Tests of the typed header values."""
