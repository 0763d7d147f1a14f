"""Files of questions as other programs write them; see the modules."""
