#include "json.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"

enum { DEEPEST = 64 };

static void skip_space(json *in)
{
    while (in->next < in->end && *in->next != '\0' && strchr(" \t\r\n", *in->next))
        in->next++;
}

bool json_at_end(json *in)
{
    skip_space(in);
    return in->next == in->end;
}

bool json_sign(json *in, char sign)
{
    if (json_at_end(in) || *in->next != sign)
        return false;
    in->next++;
    return true;
}

static bool word(json *in, const char *expected)
{
    size_t length = strlen(expected);
    skip_space(in);
    if ((size_t)(in->end - in->next) < length || memcmp(in->next, expected, length) != 0)
        return false;
    in->next += length;
    return true;
}

bool json_null(json *in) { return word(in, "null"); }

/* ── Strings ── */

static bool hex4(json *in, uint32_t *out)
{
    *out = 0;
    for (int i = 0; i < 4; i++, in->next++) {
        const char *digits = "0123456789abcdef";
        const char *digit = in->next < in->end && *in->next ? strchr(digits, *in->next | 0x20) : NULL;
        if (!digit)
            return false;
        *out = *out << 4 | (uint32_t)(digit - digits);
    }
    return true;
}

/* Behind \u: four digits, or a pair of them for what lies beyond U+FFFF. Half a pair is no character. */
static bool escaped_point(json *in, uint32_t *point)
{
    uint32_t low;
    if (!hex4(in, point))
        return false;
    if (*point < 0xd800 || *point > 0xdfff)
        return true;
    if (*point > 0xdbff || in->end - in->next < 2 || in->next[0] != '\\' || in->next[1] != 'u')
        return false;
    in->next += 2;
    if (!hex4(in, &low) || low < 0xdc00 || low > 0xdfff)
        return false;
    *point = 0x10000 + ((*point - 0xd800) << 10) + (low - 0xdc00);
    return true;
}

static bool escape(json *in, text *out)
{
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    if (in->next == in->end || *in->next == '\0')
        return false;
    char letter = *in->next++;
    const char *found = strchr(letters, letter);
    if (found) {
        out->bytes[out->length++] = meanings[found - letters];
        return true;
    }
    uint32_t point;
    if (letter != 'u' || !escaped_point(in, &point))
        return false;
    out->length += utf8_encode(point, out->bytes + out->length);
    return true;
}

/* How many bytes there are up to the closing quote: as no escape is shorter than what it stands for, room enough. */
static size_t quoted_length(const json *in)
{
    const char *at = in->next;
    while (at < in->end && *at != '"')
        at += *at == '\\' && at + 1 < in->end ? 2 : 1;
    return (size_t)(at - in->next);
}

bool json_string(json *in, text *out)
{
    if (!json_sign(in, '"'))
        return false;
    out->bytes = malloc(quoted_length(in) + 1);
    out->length = 0;
    bool good = out->bytes != NULL;
    while (good && in->next < in->end && *in->next != '"') {
        if (*in->next == '\\') {
            in->next++;
            good = escape(in, out);
        } else if ((unsigned char)*in->next < ' ') {
            good = false;
        } else {
            out->bytes[out->length++] = *in->next++;
        }
    }
    if (!good || !json_sign(in, '"')) {
        free(out->bytes);
        out->bytes = NULL;
        return false;
    }
    out->bytes[out->length] = '\0';
    return true;
}

/* ── Values that are not wanted ── */

static bool skip_value(json *in, int depth);

static bool skip_string(json *in)
{
    text ignored;
    if (!json_string(in, &ignored))
        return false;
    free(ignored.bytes);
    return true;
}

static bool skip_members(json *in, char close, int depth)
{
    if (json_sign(in, close))
        return true;
    do {
        if (close == '}' && (!skip_string(in) || !json_sign(in, ':')))
            return false;
        if (!skip_value(in, depth))
            return false;
    } while (json_sign(in, ','));
    return json_sign(in, close);
}

static bool skip_number(json *in)
{
    const char *start = in->next;
    while (in->next < in->end && *in->next != '\0' && strchr("+-.eE0123456789", *in->next))
        in->next++;
    return in->next > start;
}

static bool skip_value(json *in, int depth)
{
    if (depth == DEEPEST || json_at_end(in))
        return false;
    if (*in->next == '"')
        return skip_string(in);
    if (json_sign(in, '{'))
        return skip_members(in, '}', depth + 1);
    if (json_sign(in, '['))
        return skip_members(in, ']', depth + 1);
    return word(in, "true") || word(in, "false") || json_null(in) || skip_number(in);
}

bool json_skip(json *in) { return skip_value(in, 0); }

/* ── Writing ── */

void json_write(FILE *out, const char *bytes, size_t length)
{
    const unsigned char *next = (const unsigned char *)bytes, *end = next + length;
    putc('"', out);
    while (next < end) {
        size_t taken = utf8_length(next, (size_t)(end - next));
        if (taken == 0) {
            fputs("\xef\xbf\xbd", out);
            taken = 1;
        } else if (*next < ' ' || *next == 0x7f) {
            fprintf(out, "\\u%04x", *next);
        } else {
            if (*next == '"' || *next == '\\')
                putc('\\', out);
            fwrite(next, 1, taken, out);
        }
        next += taken;
    }
    putc('"', out);
}
