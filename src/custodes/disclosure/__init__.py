"""Disclosure: what is given to whom of a case, whether it may be, and what becomes of it there."""
