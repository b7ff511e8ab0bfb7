"""WebAdmin: where a property manager runs buildings; writes the plans the PBX reads."""
