"""Running a house: agents, alerts, backups, metrics, logs."""
