"""Home media: from files on the NAS to rows and thumbnails."""
