"""The command line: a contract. Names and flags stay; every command takes --home and --json."""
