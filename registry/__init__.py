"""The system of record: models, numbers, leases, lifecycle, history, rights. The only folder that touches the database."""
