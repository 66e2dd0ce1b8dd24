"""For every equation that a page tags, the check which evaluates both of its sides."""
