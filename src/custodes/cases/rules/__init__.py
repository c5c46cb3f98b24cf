"""Decisions about cases: no table, no clock, no files. One file a question."""
