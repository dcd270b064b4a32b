/* What kind of file begins with these bytes? A guess, as good as its beginning tells. */
#ifndef MIME_H
#define MIME_H

#include <stdbool.h>
#include <stddef.h>

enum { MIME_HEAD = 4096 /* so many bytes from the beginning are enough */ };

/* `head` is the beginning, `whole` whether it is all there is. The name is static. */
const char *mime_guess(const unsigned char *head, size_t length, bool whole);

#endif
