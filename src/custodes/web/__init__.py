"""The pages people use. Thin: who asks, what for, do it, answer."""
