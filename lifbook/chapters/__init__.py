"""What belongs to one chapter: its figures, scenes and widgets, filled with its data."""
