"""The pages, one job a file. Each says who asks, what for, does it and answers."""
