"""Words everyone shares: time, ids, digests, spans, canonical JSON, refusals, durable files.

No Django, no network, and no files but in :mod:`durable`. Everything else may import
this room; it imports nothing of ours.
"""
