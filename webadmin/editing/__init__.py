"""Changes a site: rows in, rows out, compiled and published in one transaction, undone as a whole."""
