"""What several tests lean on and none of them is about."""
