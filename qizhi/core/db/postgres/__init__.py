"""Django's engine for PostgreSQL, whose questions may be answered by what is kept."""
