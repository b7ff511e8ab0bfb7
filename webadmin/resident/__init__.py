"""What residents do by themselves: the JSON API of the app, and the pages the three faces are served by."""
