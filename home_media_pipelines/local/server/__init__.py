"""What `home-media up` runs: the embedded Postgres and the services."""
