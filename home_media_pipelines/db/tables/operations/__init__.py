"""Tables of agents, alerts, backups and measurements."""
