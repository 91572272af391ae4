"""The system of record: models, numbers, leases, lifecycle, history, rights; nothing else touches the database."""
