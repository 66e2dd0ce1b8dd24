"""The code that the pages show, one module per topic."""
