"""From the outside world to pages and text: scan folder, mail, MIME, PDF and pictures, OCR, archive copy."""
