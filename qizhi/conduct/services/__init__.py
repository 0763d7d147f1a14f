"""Changes of conduct."""
