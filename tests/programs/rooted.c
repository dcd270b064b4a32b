/* With the set-user-ID bit of root: becomes root wholly, so that who has started it may not kill it.
   Writes a line to stdout, then waits; it ends by itself after 20 seconds. */
#define _GNU_SOURCE
#include <unistd.h>

int main(void) {
    if (setresuid(0, 0, 0) != 0) return 1;
    if (write(1, "up\n", 3) != 3) return 1;
    alarm(20);
    for (;;) pause();
}
