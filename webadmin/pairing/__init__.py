"""Makes a tablet a panel, a computer a controller, a screen a station: a code that works once."""
