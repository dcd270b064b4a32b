"""A platform's database: the rows of its runtimes, its worker and its binaries. The only user of psycopg."""
