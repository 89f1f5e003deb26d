"""Files: what they are, where they lie, what a walk and a scan see of them."""
