"""Settings of the machine: what is set by its configuration, and whether e-mails leave."""
