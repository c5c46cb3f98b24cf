"""What is done to give something of a case to somebody, one act a file."""
