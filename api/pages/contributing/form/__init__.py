"""The form in which people write a case without markdown: what it asks, how answers are read, what becomes of them."""
