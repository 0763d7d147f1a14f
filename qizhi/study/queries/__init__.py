"""What study asks of the tables; see the modules."""
