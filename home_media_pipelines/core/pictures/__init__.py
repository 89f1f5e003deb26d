"""Any format as pixels, and what is made of pixels."""
