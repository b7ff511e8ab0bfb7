"""Sites and their buildings: names, addresses, zone, language, and what the privacy type means."""
