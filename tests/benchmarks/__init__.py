"""What is measured, not asserted: `make bench` prints tables."""
