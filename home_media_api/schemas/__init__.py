"""The JSON shapes of the API, one noun per module, with one example each."""
