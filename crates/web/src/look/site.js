// Adds comfort to pages that work without it: nothing here is needed to read or to save.
