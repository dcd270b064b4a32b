/* SHA-256 as FIPS 180-4 defines it, fed piece by piece. */
#ifndef SHA256_H
#define SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { SHA256_BLOCK = 64, SHA256_HEX = 65 /* 64 digits and the NUL */ };

typedef struct {
    uint32_t state[8];
    uint64_t length; /* bytes fed so far */
    unsigned char pending[SHA256_BLOCK];
} sha256;

void sha256_start(sha256 *hash);
void sha256_feed(sha256 *hash, const void *data, size_t length);
/* Ends the hash and writes its lower-case hexadecimal digits. */
void sha256_finish(sha256 *hash, char hex[SHA256_HEX]);

#endif
