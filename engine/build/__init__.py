"""How the site is built and served; what `hooks/` are thin over."""
