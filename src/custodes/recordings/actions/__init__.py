"""What can be done to recordings, one verb's family a file. The only writers of this stage."""
