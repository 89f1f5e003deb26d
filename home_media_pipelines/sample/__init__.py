"""A sample library, drawn by the project: charming, seeded, and fully known."""
