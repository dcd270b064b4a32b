/* As much JSON (RFC 8259) as parameters need: read values one after another, write strings. */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* A text of `length` bytes, with a NUL behind them; it may hold NULs too. */
typedef struct {
    char *bytes;
    size_t length;
} text;

/* Where the reading has come to. Each function moves on behind what it has read; where it gives false, the
   position is at or near the mistake and the rest is not to be read. */
typedef struct {
    const char *next;
    const char *end;
} json;

/* Is the next sign (behind white space) this one? It is passed over only then. */
bool json_sign(json *in, char sign);
/* Is the next value null? It is passed over only then. */
bool json_null(json *in);
/* Reads a string. The caller frees its bytes. */
bool json_string(json *in, text *out);
/* Passes over a value of any kind, up to 64 levels deep. */
bool json_skip(json *in);
/* Is there nothing more but white space? */
bool json_at_end(json *in);

/* Writes a string with its quotes; bytes that are no UTF-8 become U+FFFD. */
void json_write(FILE *out, const char *bytes, size_t length);

#endif
