"""What a build came to: for people, and as a document."""
