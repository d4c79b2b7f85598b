"""Tags with names that many sites share, whichever generator runs them."""
