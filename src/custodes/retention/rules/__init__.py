"""When a recording must be kept, may be disposed of, and why.

Rules only. Nothing here reads a table, writes one, or asks the time: the caller
brings the facts and gets back a decision with its reasons. If in doubt, every rule
answers KEEP.
"""
