"""Networks that look at pictures: torch lives here, and only here."""
