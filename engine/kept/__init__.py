"""What was read once reads without a network: the service worker of the site."""
