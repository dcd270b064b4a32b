/* Hops from process to process: a child that has a session of its own and no pipe of ours
   forks the next one and exits, again and again, and ignores SIGTERM. The first process waits.
   hopper BOX PAUSE CHAINS: so many of them hop; each writes a line to BOX behind its tenth hop and waits PAUSE
   microseconds between two hops. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void leave_all(void) {
    int null = open("/dev/null", O_RDWR);
    for (int fd = 0; fd < 3; fd++) dup2(null, fd);
    close(null);
    signal(SIGTERM, SIG_IGN);
}

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    useconds_t rest = (useconds_t)atoi(argv[2]);
    int chain = 0, chains = atoi(argv[3]);
    while (chain < chains && fork() > 0) chain++;
    if (chain == chains)
        for (;;) pause();
    /* Its own end, should nobody end it. */
    time_t end = time(NULL) + 8;
    leave_all();
    for (int hop = 1; hop < 3000 && time(NULL) < end; hop++) {
        setsid();
        if (rest > 0) usleep(rest);
        if (hop == 10) {
            int box = open(argv[1], O_WRONLY);
            if (write(box, "hopping\n", 8) != 8) return 1;
            close(box);
        }
        if (fork() > 0) _exit(0);
    }
    return 0;
}
