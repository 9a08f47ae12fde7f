"""What two sources of labels gave, counted by the database."""
