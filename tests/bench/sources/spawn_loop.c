/* The least that running a program with captured output can cost.
 *
 *     spawn_loop PROGRAM COUNT BALLAST_MIB
 *
 * Runs PROGRAM COUNT times with the calling environment: posix_spawn in a session of its own, standard input
 * from /dev/null, two pipes read by poll to their ends, then waitpid. Prints the seconds that each took. Ballast
 * is memory that is written to before the clock starts. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static void check(int failed, const char *what) {
    if (failed) {
        perror(what);
        exit(1);
    }
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static pid_t start(char *program, const int out[2], const int err[2]) {
    char *argv[] = {program, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    pid_t pid;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    posix_spawn_file_actions_adddup2(&actions, err[1], 2);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
    errno = posix_spawn(&pid, program, &actions, &attributes, argv, environ);
    check(errno != 0, program);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return pid;
}

static void read_to_the_ends(int out, int err) {
    static char buffer[65536];
    struct pollfd waiting[2] = {{.fd = out, .events = POLLIN}, {.fd = err, .events = POLLIN}};
    int open = 2;
    while (open > 0) {
        check(poll(waiting, 2, -1) < 0, "poll");
        for (int i = 0; i < 2; i++) {
            if (waiting[i].fd >= 0 && waiting[i].revents && read(waiting[i].fd, buffer, sizeof buffer) <= 0) {
                close(waiting[i].fd);
                waiting[i].fd = -1;
                open--;
            }
        }
    }
}

static void run(char *program) {
    int out[2], err[2], status;
    check(pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC), "pipe2");
    pid_t pid = start(program, out, err);
    close(out[1]);
    close(err[1]);
    read_to_the_ends(out[0], err[0]);
    check(waitpid(pid, &status, 0) != pid || status != 0, "waitpid");
}

int main(int argc, char **argv) {
    if (argc != 4) {
        return 2;
    }
    size_t ballast = (size_t)atol(argv[3]) << 20;
    char *held = malloc(ballast + 1);
    check(held == NULL, "malloc");
    memset(held, argc, ballast);
    run(argv[1]);
    for (int i = atoi(argv[2]); i > 0; i--) {
        double started = now();
        run(argv[1]);
        printf("%.9f\n", now() - started);
    }
    return held[ballast / 2] == 99;
}
