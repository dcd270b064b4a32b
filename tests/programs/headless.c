/* A daemon whose first thread has ended while a second one runs on: it looks like a zombie and is none.
   headless BOX: writes its pid to BOX when that is so. The first process exits with 0 then. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *box;
static int heard[2];

static char state_of_first_thread(void) {
    char path[64], line[256] = "";
    snprintf(path, sizeof path, "/proc/self/task/%d/stat", getpid());
    FILE *file = fopen(path, "r");
    char *end = file && fgets(line, sizeof line, file) ? strrchr(line, ')') : NULL;
    if (file) fclose(file);
    return end ? end[2] : '?';
}

static void *run_on(void *nothing) {
    while (state_of_first_thread() != 'Z') usleep(1000);
    FILE *letter = fopen(box, "w");
    if (!letter) _exit(1);
    fprintf(letter, "%d\n", getpid());
    fclose(letter);
    close(heard[1]);
    sleep(20);
    return nothing;
}

int main(int argc, char **argv) {
    if (argc != 2 || pipe(heard) != 0) return 2;
    box = argv[1];
    if (fork() > 0) {
        char byte;
        close(heard[1]);
        return (int)read(heard[0], &byte, 1);
    }
    setsid();
    if (fork() > 0) _exit(0);
    int null = open("/dev/null", O_RDWR);
    for (int fd = 0; fd < 3; fd++) dup2(null, fd);
    pthread_t thread;
    if (pthread_create(&thread, NULL, run_on, NULL) != 0) return 1;
    pthread_exit(NULL);
}
