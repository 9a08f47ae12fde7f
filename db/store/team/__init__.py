"""Who is in a team: roles in projects, admins, who was deactivated."""
