"""History: every revision with who, when, what was different, and the way back."""
