"""The web workplace of clerks, records office and managers, and the JSON API.

The only folder that imports a web framework.
"""
