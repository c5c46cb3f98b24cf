"""Oversight: what the public and those who check the force ask about footage, and by when."""
