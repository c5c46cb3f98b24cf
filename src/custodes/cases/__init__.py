"""Which recordings are evidence of what: cases, who works on them, exhibits, unused material."""
