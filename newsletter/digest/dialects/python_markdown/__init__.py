"""What Python-Markdown's extensions understand: admonitions, languages of code, attribute lists."""
