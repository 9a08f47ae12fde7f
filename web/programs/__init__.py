"""What programs ask, by a token of their own and without a sign-in."""
