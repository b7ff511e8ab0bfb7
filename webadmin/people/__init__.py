"""People: who lives or works here, their devices, moving in and out, lists in and out."""
