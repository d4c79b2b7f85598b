"""Who may be mailed, and why. Knows no newsletter, template or provider."""
