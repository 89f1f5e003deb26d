"""The network that encodes a query, kept ready beside requests."""
