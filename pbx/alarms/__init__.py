"""Alarms: what needs an operator, told once when it begins and once when it is over.

`watch` finds causes and publishes them as facts, like every room that knows of one; `book` tells each alarm
once; `mail` and `webhook` carry it out of the house, `delivery` tries again until they have.
"""
