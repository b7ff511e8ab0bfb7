"""Access rules: who may open which doors, how and when; and all of it at a glance."""
