"""All input about gatherings."""
