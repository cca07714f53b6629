"""The pages of a card: looking at it, saving it, and its settings."""
