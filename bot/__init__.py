"""A Discord study assistant: ask in plain words, answer a daily challenge, compete."""

__version__ = "0.1.0"
