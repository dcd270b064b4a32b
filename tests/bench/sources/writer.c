/* Writes as fast as its readers allow, in blocks of 64 KiB.
 *
 *     writer BYTES STREAMS
 *
 * BYTES to standard output; with STREAMS = 2 as many to standard error, block by block in turn. On Linux it runs
 * on the last processor alone, so that a reader on another one never shares it. */
#ifdef __linux__
#define _GNU_SOURCE
#include <sched.h>
#endif
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char block[65536];

static void move_to_last_processor(void) {
#ifdef __linux__
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(sysconf(_SC_NPROCESSORS_ONLN) - 1, &set);
    /* Where that one is not ours to use, the writer stays where it is. */
    sched_setaffinity(0, sizeof set, &set);
#endif
}

static int put(int fd, size_t size) {
    for (size_t done = 0; done < size;) {
        ssize_t count = write(fd, block + done, size - done);
        if (count < 0) {
            return 0;
        }
        done += (size_t)count;
    }
    return 1;
}

int main(int argc, char **argv) {
    if (argc != 3) {
        return 2;
    }
    move_to_last_processor();
    memset(block, 'x', sizeof block);
    for (size_t at = 63; at < sizeof block; at += 64) {
        block[at] = '\n';
    }
    for (long long left = atoll(argv[1]); left > 0; left -= (long long)sizeof block) {
        size_t size = left < (long long)sizeof block ? (size_t)left : sizeof block;
        for (int fd = 1; fd <= atoi(argv[2]); fd++) {
            if (!put(fd, size)) {
                return 1;
            }
        }
    }
    return 0;
}
