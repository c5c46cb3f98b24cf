"""What is done after a death or serious injury, a page for each part of the procedure."""
