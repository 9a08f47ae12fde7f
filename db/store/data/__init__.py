"""What came in with which import, and by which fields it can be told apart."""
