"""The overview: is everything well, who moved, what needs me."""
