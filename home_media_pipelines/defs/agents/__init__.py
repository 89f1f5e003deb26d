"""The machines with a graphics card."""
