"""The only SQL: everything that outlives a restart is written and read here."""
