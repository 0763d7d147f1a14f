"""The benchmark: `python3 qz.py bench` measures a running server and compares it with its goals."""
