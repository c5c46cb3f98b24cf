"""tus 1.0.0: resumable uploads over HTTP, for the dock agent and any other tus client.

The protocol is https://tus.io/protocols/resumable-upload version 1.0.0 with the
extensions creation, creation-with-upload, checksum, expiration and termination.
docs/reference/tus.md says what is ours: sign-in, metadata, refusals, receipts.
"""
