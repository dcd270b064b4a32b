#define _POSIX_C_SOURCE 200809L /* strdup */
#include "inputs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool fail(const char *where, const char *why)
{
    fprintf(stderr, "digest: %s: %s\n", where, why);
    return false;
}

/* Takes `path` over, to free it later. */
static bool add_path(inputs *in, text path)
{
    text *more = realloc(in->paths, (in->count + 1) * sizeof *more);
    if (!more) {
        free(path.bytes);
        return fail("paths", strerror(errno));
    }
    in->paths = more;
    in->paths[in->count++] = path;
    return true;
}

/* An array of strings, or null for none. */
static bool add_paths(inputs *in, json *from)
{
    text path;
    if (json_null(from))
        return true;
    if (!json_sign(from, '['))
        return false;
    if (json_sign(from, ']'))
        return true;
    do {
        if (!json_string(from, &path) || !add_path(in, path))
            return false;
    } while (json_sign(from, ','));
    return json_sign(from, ']');
}

/* ── From the environment: text as it is, arrays as JSON ── */

static bool copy_variable(const char *name, text *out)
{
    const char *value = getenv(name);
    if (!value)
        return false;
    out->bytes = strdup(value);
    out->length = strlen(value);
    return out->bytes != NULL;
}

static bool read_environment(inputs *in)
{
    text path;
    copy_variable("ATTUNE_ACTION_TEXT", &in->given);
    if (copy_variable("ATTUNE_ACTION_PATH", &path) && !add_path(in, path))
        return false;
    const char *paths = getenv("ATTUNE_ACTION_PATHS");
    if (!paths)
        return true;
    json from = {paths, paths + strlen(paths)};
    if (!add_paths(in, &from) || !json_at_end(&from))
        return fail("ATTUNE_ACTION_PATHS", "no JSON array of strings");
    return true;
}

/* ── From a document: a JSON object on stdin or in a file ── */

static bool read_all(FILE *stream, text *out)
{
    size_t room = 0;
    do {
        if (room - out->length < 2) {
            char *more = realloc(out->bytes, room = room * 2 + 4096);
            if (!more)
                return false;
            out->bytes = more;
        }
        out->length += fread(out->bytes + out->length, 1, room - out->length - 1, stream);
    } while (!feof(stream) && !ferror(stream));
    return !ferror(stream);
}

static bool read_string_or_null(json *from, text *out)
{
    return json_null(from) || json_string(from, out);
}

static bool read_member(inputs *in, json *from, const char *name)
{
    text path = {0};
    if (strcmp(name, "text") == 0 && !in->given.bytes)
        return read_string_or_null(from, &in->given);
    if (strcmp(name, "paths") == 0)
        return add_paths(in, from);
    if (strcmp(name, "path") == 0)
        return read_string_or_null(from, &path) && (!path.bytes || add_path(in, path));
    return json_skip(from);
}

static bool read_members(inputs *in, json *from)
{
    text name;
    if (!json_sign(from, '{'))
        return false;
    if (json_sign(from, '}'))
        return json_at_end(from);
    do {
        if (!json_string(from, &name))
            return false;
        bool good = json_sign(from, ':') && read_member(in, from, name.bytes);
        free(name.bytes);
        if (!good)
            return false;
    } while (json_sign(from, ','));
    return json_sign(from, '}') && json_at_end(from);
}

static bool read_document(inputs *in, FILE *stream, const char *name)
{
    text document = {0};
    bool good = read_all(stream, &document) || fail(name, strerror(errno));
    if (good) {
        json from = {document.bytes, document.bytes + document.length};
        good = read_members(in, &from) || fail(name, "no JSON object with text, path (strings) or paths (an array of them)");
    }
    free(document.bytes);
    return good;
}

static bool read_file(inputs *in, const char *path)
{
    FILE *stream = path ? fopen(path, "rb") : NULL;
    if (!stream)
        return fail("ATTUNE_PARAMETER_FILE", path ? strerror(errno) : "not set");
    bool good = read_document(in, stream, "ATTUNE_PARAMETER_FILE");
    fclose(stream);
    return good;
}

bool inputs_read(inputs *in)
{
    const char *delivery = getenv("ATTUNE_PARAMETER_DELIVERY");
    memset(in, 0, sizeof *in);
    if (delivery && strcmp(delivery, "stdin") == 0)
        return read_document(in, stdin, "stdin");
    if (delivery && strcmp(delivery, "file") == 0)
        return read_file(in, getenv("ATTUNE_PARAMETER_FILE"));
    return read_environment(in);
}

void inputs_free(inputs *in)
{
    free(in->given.bytes);
    for (size_t i = 0; i < in->count; i++)
        free(in->paths[i].bytes);
    free(in->paths);
}
