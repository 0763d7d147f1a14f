"""What `qz.py` is made of; Python's standard library alone, since it runs before anything is installed."""
