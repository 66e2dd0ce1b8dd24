"""What CONTRIBUTING asks of pages and their modules, one function for each rule."""
