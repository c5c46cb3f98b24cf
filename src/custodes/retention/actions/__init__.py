"""The only writers of keeping and disposing, one verb a file."""
