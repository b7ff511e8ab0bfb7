"""Panels and controllers: what stands at a door, which digit opens which, and whether it is there."""
