/* UTF-8 as RFC 3629 defines it: no surrogates, nothing beyond U+10FFFF, no longer form than needed. */
#ifndef UTF8_H
#define UTF8_H

#include <stddef.h>
#include <stdint.h>

/* Length in bytes (1 to 4) of the character at the beginning of `text`; 0 where there is no valid one. */
size_t utf8_length(const unsigned char *text, size_t available);

/* Writes one code point, which is no surrogate, to `out` (room for 4) and gives its length. */
size_t utf8_encode(uint32_t point, char *out);

#endif
