/* What to digest: the action's parameters, in whichever way the platform delivers them. */
#ifndef INPUTS_H
#define INPUTS_H

#include "json.h"

typedef struct {
    text given;  /* parameter text; no bytes where it was not given */
    text *paths; /* parameter path, then those of paths */
    size_t count;
} inputs;

/* Reads the parameters. Where that fails it says why on stderr and gives false. */
bool inputs_read(inputs *in);
void inputs_free(inputs *in);

#endif
