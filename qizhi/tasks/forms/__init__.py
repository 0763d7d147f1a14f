"""All input of the app."""
