"""What an annotator does."""
