/* The least that seeding can cost a program that has libpq at hand.
 *
 *     seed_loop LIBPQ CONNINFO FILE
 *
 * Connects, sends the statements of FILE, and closes. A record separator (0x1e) stands between two statements, a
 * group separator (0x1d) between two round trips: the statements of one are sent together. Prints the seconds it
 * took. LIBPQ is the library's path: it is opened at run time, so that any can be taken and no header is needed. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef void Connection;
typedef void Result;

static Connection *(*connect_to)(const char *);
static int (*status)(const Connection *);
static int (*enter_pipeline)(Connection *);
static int (*send_query)(Connection *, const char *, int, const void *, const void *, const void *, const void *, int);
static int (*synchronise)(Connection *);
static Result *(*next_result)(Connection *);
static int (*result_status)(const Result *);
static void (*clear)(Result *);
static char *(*message)(const Connection *);
static void (*finish)(Connection *);

enum { COMMAND_OK = 1, TUPLES_OK = 2, PIPELINE_SYNC = 10 };

static void check(int holds, const char *what) {
    if (!holds) {
        fprintf(stderr, "%s\n", what);
        exit(1);
    }
}

static void open_library(const char *path) {
    void *library = dlopen(path, RTLD_NOW);
    check(library != NULL, "the library cannot be opened");
    struct {
        void *home;
        const char *name;
    } functions[] = {
        {&connect_to, "PQconnectdb"},         {&status, "PQstatus"},
        {&enter_pipeline, "PQenterPipelineMode"}, {&send_query, "PQsendQueryParams"},
        {&synchronise, "PQpipelineSync"},     {&next_result, "PQgetResult"},
        {&result_status, "PQresultStatus"},   {&clear, "PQclear"},
        {&message, "PQerrorMessage"},         {&finish, "PQfinish"},
    };
    for (size_t each = 0; each < sizeof functions / sizeof *functions; each++) {
        void *found = dlsym(library, functions[each].name);
        check(found != NULL, functions[each].name);
        memcpy(functions[each].home, &found, sizeof found);
    }
}

static char *text_of(const char *path) {
    FILE *file = fopen(path, "rb");
    check(file != NULL, path);
    static char text[1 << 20];
    text[fread(text, 1, sizeof text - 1, file)] = 0;
    fclose(file);
    return text;
}

/* One round trip: all statements are sent, then all answers are awaited. */
static void pass(Connection *connection, char *statements) {
    for (char *rest, *each = strtok_r(statements, "\x1e", &rest); each; each = strtok_r(NULL, "\x1e", &rest))
        check(send_query(connection, each, 0, NULL, NULL, NULL, NULL, 0), message(connection));
    check(synchronise(connection), message(connection));
    for (int kind = 0; kind != PIPELINE_SYNC;) {
        Result *result = next_result(connection);
        if (result == NULL)
            continue;
        kind = result_status(result);
        check(kind == COMMAND_OK || kind == TUPLES_OK || kind == PIPELINE_SYNC, message(connection));
        clear(result);
    }
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int count, char **arguments) {
    check(count == 4, "usage: seed_loop LIBPQ CONNINFO FILE");
    open_library(arguments[1]);
    char *text = text_of(arguments[3]);
    double begun = now();
    Connection *connection = connect_to(arguments[2]);
    check(status(connection) == 0, message(connection));
    check(enter_pipeline(connection), "no pipeline");
    for (char *rest, *each = strtok_r(text, "\x1d", &rest); each; each = strtok_r(NULL, "\x1d", &rest))
        pass(connection, each);
    finish(connection);
    printf("%.9f\n", now() - begun);
    return 0;
}
