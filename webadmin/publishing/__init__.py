"""From tables to the plan that runs: rows, compilation, revisions, log-ins of devices, the nudge."""
