"""What kramdown understands and plain Markdown does not; Python-Markdown shares a part of it."""
