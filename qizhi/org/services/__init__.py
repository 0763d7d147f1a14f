"""Changes to the organisation; each is one transaction and one event, and says by whom."""
