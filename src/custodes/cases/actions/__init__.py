"""What can be done with a case: a file for each thing it is made of."""
