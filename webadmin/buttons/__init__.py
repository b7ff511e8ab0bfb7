"""Buttons: what a visitor taps, of four kinds, and what a tap does, drawn."""
