"""How disclosure refuses."""
