"""What an executable is, and what it takes to start it: headers alone, the file is never executed."""
