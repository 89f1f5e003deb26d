"""Tables of the tree of names, its links and its counts."""
