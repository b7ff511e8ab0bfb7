"""Tests of the SIP library."""
