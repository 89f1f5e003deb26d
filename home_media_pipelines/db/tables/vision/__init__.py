"""Tables of networks: producers, and the rows they made."""
