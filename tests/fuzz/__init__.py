"""Hostile bytes for every parser: ``python -m tests.fuzz --seconds 5 [target ...]``.

A new parser is one line in ``targets.py`` and a function in one of the ``feed_*`` files that takes bytes,
swallows the errors its room promises, and lets every other one out. What was ever found lies in
``findings/<target>/`` and is replayed by ``test_findings.py``.
"""
