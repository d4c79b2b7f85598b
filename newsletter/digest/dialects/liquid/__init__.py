"""Templates in posts, read safely: a small Liquid whose steps, depth and output are bounded."""
