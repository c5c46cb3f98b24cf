"""Words everyone shares: time, ids, digests, spans, canonical JSON, refusals.

No Django, no files, no network. Everything else may import this room; it
imports nothing of ours.
"""
