"""What `home-media` needs on one machine: a database and its services."""
