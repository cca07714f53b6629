"""The card as its owner sees it: every page below a private link."""
