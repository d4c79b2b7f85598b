"""The public pages: sign up, confirm, leave, preferences, the archive and its pictures."""
