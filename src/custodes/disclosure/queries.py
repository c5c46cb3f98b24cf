"""Read what was given to whom, for those who may know of the case."""
