"""The way in: links that work once, sessions that the server keeps, and the wall in front of every page."""
