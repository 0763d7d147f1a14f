"""Changes to the rows of study; see the modules."""
