"""A real installation, run as a person would run it; shared with the benchmarks."""

from bench.installation import Installation, free_port

__all__ = ["Installation", "free_port"]
