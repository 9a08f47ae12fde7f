"""What reads bytes: text, CSV, JSON, XLSX, YAML. Nothing here knows a task or a label."""
