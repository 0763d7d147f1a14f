"""The forms of study; see the modules."""
