"""What happened, which cameras saw it, and who may not look yet."""
