"""Pictures for mail: small, upright, without metadata, in types that every inbox shows."""
