"""Pure arithmetic of study; see the modules."""
