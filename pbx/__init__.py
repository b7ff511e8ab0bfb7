"""The telephone server: SIP, registrar, calls, doors, AMI and a small web side."""
