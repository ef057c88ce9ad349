"""The pack of one session: what the documents hold of a theme, put together for an audience and a length."""
