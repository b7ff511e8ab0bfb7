"""Schedules: when something counts: weeks, holidays, exceptions; the week drawn."""
