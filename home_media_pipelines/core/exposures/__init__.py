"""Files grouped into images, with one value per field."""
