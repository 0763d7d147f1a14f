"""All input about the organisation."""
