"""Networks that look at pictures, and the links that follow."""
