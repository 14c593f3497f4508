"""Values and rules: pure and synchronous. Nothing here knows Discord, SQL, files, clocks or dice."""
