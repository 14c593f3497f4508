"""Knowledge files to core values, or every fault in them at once, each with its place and fix."""
