"""What oversight does: enter what has come in, close it, draw samples."""
