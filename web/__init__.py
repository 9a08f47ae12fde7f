"""What stands in front of the pages: the guard, the routes that set cookies, and the documents for who is not signed in."""
