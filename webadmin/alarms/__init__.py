"""Alarms that stand now."""
