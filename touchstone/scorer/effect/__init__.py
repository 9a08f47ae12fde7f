"""What a changed rubric would change: drafts under two versions, and which check moved which draft."""
