"""Reading a post: front matter, stories, pictures and sources, as plain data."""
