"""The addresses of the API, one noun per module."""
