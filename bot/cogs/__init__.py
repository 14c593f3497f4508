"""One command family each: parse, ask core, render, send, record."""
