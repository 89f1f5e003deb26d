"""Tables of libraries, folders and files."""
