"""From text to meaning, pure: topics, kind, sender and fields, names, language, alarms. Data in, findings out."""
