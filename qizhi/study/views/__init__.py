"""The pages of study; see the modules."""
