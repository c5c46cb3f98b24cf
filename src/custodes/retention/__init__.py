"""What must be kept, what may be disposed of, and why."""
