"""Tables of images and what is written in their files."""
