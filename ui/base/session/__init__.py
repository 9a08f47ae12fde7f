"""What outlives one drawing of a page: the store, who is signed in, the tab's own state, messages on the last step."""
