"""Pages of gatherings."""
