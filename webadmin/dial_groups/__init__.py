"""Dial groups: who rings together or one after the other, and what comes then."""
