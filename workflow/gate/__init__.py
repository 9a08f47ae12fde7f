"""The gate of a project: publish a policy, switch it, let programs ask it, count what it said, and say something against it."""
