"""What an author calls by `make`: check a page, begin a new one, rename an anchor."""
