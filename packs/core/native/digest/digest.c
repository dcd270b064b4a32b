/* core.digest: SHA-256, size and MIME guess of a text, a file or many files, as one JSON document on stdout.
 *
 * Exit status: 0 when all went well; 1 when an input could not be read (said on stderr; the others are still
 * reported) or the answer could not be written; 2 when the parameters make no sense.
 *
 * Files of any size take the same memory: they are read piece by piece. To build, in this folder:
 *
 *     cc -O2 -o ../../actions/digest *.c
 *
 * with -static too, where the C library allows it, for a binary that runs on any Linux of its architecture.
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64 /* files beyond 2 GiB on 32-bit machines */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inputs.h"
#include "mime.h"
#include "sha256.h"

enum { OK, UNREADABLE, USAGE };

typedef struct {
    sha256 hash;
    uint64_t size;
    unsigned char head[MIME_HEAD];
} digest;

static void feed(digest *of, const void *data, size_t length)
{
    if (of->size < MIME_HEAD) {
        size_t room = MIME_HEAD - (size_t)of->size;
        memcpy(of->head + of->size, data, length < room ? length : room);
    }
    of->size += length;
    sha256_feed(&of->hash, data, length);
}

static void start(digest *of)
{
    of->size = 0;
    sha256_start(&of->hash);
}

static void print_digest(digest *of, const char *source, const text *path)
{
    static const char *separator = "";
    char hex[SHA256_HEX];
    sha256_finish(&of->hash, hex);
    printf("%s{\"source\":\"%s\",\"path\":", separator, source);
    if (path)
        json_write(stdout, path->bytes, path->length);
    else
        fputs("null", stdout);
    size_t head = of->size < MIME_HEAD ? (size_t)of->size : MIME_HEAD;
    printf(",\"sha256\":\"%s\",\"size\":%" PRIu64 ",\"mime\":\"%s\"}", hex, of->size,
           mime_guess(of->head, head, of->size <= MIME_HEAD));
    separator = ",";
}

/* Gives 0 or the error number. A pipe or a device would never end, or wait for a writer: only files are read. */
static int digest_descriptor(digest *of, int file)
{
    static unsigned char buffer[1 << 16];
    struct stat facts;
    if (fstat(file, &facts) != 0)
        return errno;
    if (!S_ISREG(facts.st_mode))
        return S_ISDIR(facts.st_mode) ? EISDIR : EINVAL;
    start(of);
    for (;;) {
        ssize_t got = read(file, buffer, sizeof buffer);
        if (got == 0)
            return 0;
        if (got > 0)
            feed(of, buffer, (size_t)got);
        else if (errno != EINTR)
            return errno;
    }
}

static int digest_file(digest *of, const text *path)
{
    if (strlen(path->bytes) != path->length)
        return EINVAL; /* a NUL within */
    int file = open(path->bytes, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file < 0)
        return errno;
    int error = digest_descriptor(of, file);
    close(file);
    return error;
}

static int print_all(const inputs *in)
{
    static digest of;
    int status = OK;
    fputs("{\"digests\":[", stdout);
    if (in->given.bytes) {
        start(&of);
        feed(&of, in->given.bytes, in->given.length);
        print_digest(&of, "text", NULL);
    }
    for (size_t i = 0; i < in->count; i++) {
        int error = digest_file(&of, &in->paths[i]);
        if (error) {
            fprintf(stderr, "digest: %s: %s\n", in->paths[i].bytes, error == EINVAL ? "not a file" : strerror(error));
            status = UNREADABLE;
        } else {
            print_digest(&of, "file", &in->paths[i]);
        }
    }
    fputs("]}\n", stdout);
    return status;
}

int main(void)
{
    inputs in;
    int status = USAGE;
    if (inputs_read(&in)) {
        if (in.given.bytes || in.count)
            status = print_all(&in);
        else
            fputs("digest: nothing to digest: give text, path or paths\n", stderr);
    }
    inputs_free(&in);
    if (fflush(stdout) != 0) {
        fprintf(stderr, "digest: stdout: %s\n", strerror(errno));
        status = UNREADABLE;
    }
    return status;
}
