"""What must hold for rows to be a plan: each check is given the rows and yields errors a person can act on.

A check meets rows that other checks refuse, and stays calm: what is unknown there, it passes over.
"""
