"""Letters leaving as files, one module a format."""
