"""What may be given to whom, and until when: rules only."""
