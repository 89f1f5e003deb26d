"""The database as a whole: migrations, logins, backups, purge, status."""
