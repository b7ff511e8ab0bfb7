"""Telephone and door rules of one site, pure: who rings when, who may open what, and why.

A site's tables become `rows`, `compile` turns rows into a `DialPlan` or into errors a person can act on,
`document` carries plans between programs, `resolve` answers a call with a `Route`, `simulate` draws what
that route does, `access` and `keys` decide about doors. Nothing here knows SIP, a clock, a database or a
file.
"""
