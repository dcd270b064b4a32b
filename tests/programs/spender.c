/* Spends: spender CPU_MS MIB [double]: touches MIB mebibytes, then computes for CPU_MS milliseconds of CPU time.
   double: a grandchild whose parent is gone does it; the first process waits until it is done. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void spend(long milliseconds, size_t size) {
    char *memory = malloc(size);
    if (!memory) _exit(1);
    memset(memory, 1, size);
    while (clock() < milliseconds * (CLOCKS_PER_SEC / 1000)) memory[(size_t)clock() % size]++;
    free(memory);
}

int main(int argc, char **argv) {
    int told[2];
    if (argc < 3 || pipe(told) != 0) return 2;
    if (argc > 3) {
        char byte;
        if (fork() > 0) {
            close(told[1]);
            return (int)read(told[0], &byte, 1);
        }
        if (fork() > 0) _exit(0);
    }
    spend(atol(argv[1]), 1 + ((size_t)atol(argv[2]) << 20));
    return 0;
}
