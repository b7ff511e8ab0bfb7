"""Norwegian texts of the pages, by their English text."""
