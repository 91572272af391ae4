"""Clients as CRM knows them: their table, matching, links to appeals, and their timeline over all channels."""
