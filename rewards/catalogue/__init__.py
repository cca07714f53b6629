"""What members can choose for their points or a full card."""
