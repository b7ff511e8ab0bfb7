"""Alembic's two lines of versions: `admin` (WebAdmin's database) and `pbx` (the PBX's own).

On SQLite each is a file of its own, made with mode 0600; on PostgreSQL a schema of the line's name.
"""
