"""Answers without a language model, put together from the documents' own sentences."""
