"""Media of a call: session descriptions, RTP relay and digits."""
