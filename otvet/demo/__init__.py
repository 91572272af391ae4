"""The demonstration post: letters, people and clients invented for this project, laid out as mail and scans."""
