"""For every equation that a page tags, its check."""
