"""Settings, URLs and wiring: the one room that knows every other, and that none imports."""
