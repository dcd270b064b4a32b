/* The fastest way to throw a child's output away: splice from a pipe of 1 MiB to /dev/null.
 *
 *     splice_loop PROGRAM ARGUMENT...
 *
 * Prints the bytes that came. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { PIPE_SIZE = 1 << 20 };

static void check(int failed, const char *what) {
    if (failed) {
        perror(what);
        exit(1);
    }
}

int main(int argc, char **argv) {
    int out[2], status;
    long long total = 0;
    ssize_t count;
    pid_t pid;
    posix_spawn_file_actions_t actions;
    if (argc < 2) {
        return 2;
    }
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    check(null < 0 || pipe2(out, O_CLOEXEC) || fcntl(out[0], F_SETPIPE_SZ, PIPE_SIZE) < 0, "pipe");
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    errno = posix_spawn(&pid, argv[1], &actions, NULL, argv + 1, environ);
    check(errno != 0, argv[1]);
    close(out[1]);
    while ((count = splice(out[0], NULL, null, NULL, PIPE_SIZE, SPLICE_F_MOVE)) > 0) {
        total += count;
    }
    check(count < 0, "splice");
    check(waitpid(pid, &status, 0) != pid || status != 0, "waitpid");
    printf("%lld\n", total);
    return 0;
}
