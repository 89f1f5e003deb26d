"""From files on the NAS to images and thumbnails."""
