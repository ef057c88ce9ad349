"""One format a file: bytes in, a RawDocument out, never an exception for a bad file."""
