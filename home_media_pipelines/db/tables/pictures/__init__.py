"""Tables of pictures that lie on disk."""
