"""What is no JSON: originals, thumbnails and masks out, uploaded pictures in."""
