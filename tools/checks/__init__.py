"""The rules behind `tools/check`, one noun a file. Python's standard library only."""
