"""Site files: one TOML file that declares a whole site (format: docs/site-file.md)."""
