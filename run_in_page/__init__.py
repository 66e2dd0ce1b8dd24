"""What runs a page's code in the reader's browser: the scripts, and the Python that they load."""
