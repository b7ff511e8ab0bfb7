"""The guided first set-up: house, units, people, panel, door, test ring."""
