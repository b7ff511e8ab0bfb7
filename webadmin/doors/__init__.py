"""Doors: who may open which, when and how; and why not."""
