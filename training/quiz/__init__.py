"""Quiz items from the documents: made, checked, chosen. Only asked where the documents show one right answer."""
