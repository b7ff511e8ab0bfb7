"""Accounts: who helps to run the doors, who is invited, and what they changed."""
