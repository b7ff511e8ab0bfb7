"""How far unit owners manage themselves, within bounds that an admin sets."""
