"""Pure: values in, values out. Files are read, nothing else is known."""
