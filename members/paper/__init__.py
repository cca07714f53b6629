"""Paper cards: printed ten to a sheet, somebody's at the first stamp, later moved to a phone."""
