"""What the shop sells and says: its catalogue, and its help documents."""
