"""Choices between two drafts, and pairs a judge can be trained on."""
