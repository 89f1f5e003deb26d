"""The question a person asks: which images, and in which order they are found."""
