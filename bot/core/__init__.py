"""Values and rules, pure and synchronous: no Discord, SQL, files, clocks or dice."""
