"""What only time and force show: hours of requests and edits, and processes killed at any moment. See `__main__`."""
