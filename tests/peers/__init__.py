"""Real counterparts in processes of their own, for scenarios."""
