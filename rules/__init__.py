"""Data that a business user owns (YAML) with its typed models, its loader, and the pure arithmetic over it."""
