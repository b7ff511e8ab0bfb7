"""Ways to telephones outside: registration and peering, order and failover, number formats, cost guards."""
