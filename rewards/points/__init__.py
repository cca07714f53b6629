"""Points: earned by what is bought, spent in the catalogue."""
