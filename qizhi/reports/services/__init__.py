"""What the app does: generate the overview, keep its text, issue it."""
