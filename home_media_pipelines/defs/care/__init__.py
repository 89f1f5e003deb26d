"""What keeps the house well: audits, backups, alerts, retention, dead runs."""
