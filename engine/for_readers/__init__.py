"""What stands around the text of a page: where it comes from, previews, cards."""
