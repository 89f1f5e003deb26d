"""What networks are given and what they return: boxes, masks, vectors."""
