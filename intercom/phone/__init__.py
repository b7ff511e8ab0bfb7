"""The agent as a SIP endpoint: its registration, its proof of identity, the sound of its calls."""
