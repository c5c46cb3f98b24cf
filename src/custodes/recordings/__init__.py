"""What was filmed: the original, sealed and named by its hash; its viewing copies."""
