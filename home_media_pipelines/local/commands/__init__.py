"""One group of `home-media …` commands per file."""
