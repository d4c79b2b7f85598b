"""Digest and Masthead in, a RenderedEmail with slots out; letters likewise."""
