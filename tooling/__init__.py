"""Programs of the workshop, not of the server: starting everything, measuring sizes."""
