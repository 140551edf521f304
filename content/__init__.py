"""The shop's content: its product catalogue and its help documents."""
