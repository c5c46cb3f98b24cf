"""Benchmarks. Each has ``main(arguments) -> ratio`` and measures its baseline in the same run.

Run one with ``custodes bench NAME``; the last line it prints is the ratio. Disks
and neighbours make single figures worthless, so every figure is a median of
interleaved rounds and every bar a ratio.
"""
