"""What files say of themselves: tags, dates, positions, people, keywords."""
