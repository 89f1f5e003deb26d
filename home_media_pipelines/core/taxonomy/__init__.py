"""The tree of names, and which node a term means."""
