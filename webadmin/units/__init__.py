"""Units: flats and offices, and who lives in them."""
