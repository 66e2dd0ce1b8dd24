"""The site to take away: one folder to read without a network, and books on paper and screen."""
