"""Core values to what Discord shows. Nothing here sends, and nothing knows SQL."""
