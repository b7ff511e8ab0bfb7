"""Service mode: a picture from a panel's camera while the panel's own screen says so, and never else."""
