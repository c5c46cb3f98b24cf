"""Pictures and sound: what is in a file, its packets, its copies. Decodes in the sandbox only."""
