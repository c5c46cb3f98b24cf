"""What was given to whom of a case."""
