#define _POSIX_C_SOURCE 200809L /* strncasecmp */
#include "mime.h"

#include <string.h>
#include <strings.h>

#include "utf8.h"

/* Signatures from the formats' own specifications, for what is no text. The first that fits wins. */
static const struct {
    size_t offset;
    size_t length;
    const char *bytes;
    const char *mime;
} signatures[] = {
    {0, 8, "\x89PNG\r\n\x1a\n", "image/png"},
    {0, 3, "\xff\xd8\xff", "image/jpeg"},
    {0, 6, "GIF87a", "image/gif"},
    {0, 6, "GIF89a", "image/gif"},
    {8, 4, "WEBP", "image/webp"},
    {8, 4, "WAVE", "audio/wav"},
    {8, 4, "AVI ", "video/x-msvideo"},
    {0, 4, "II*\0", "image/tiff"},
    {0, 4, "MM\0*", "image/tiff"},
    {0, 5, "%PDF-", "application/pdf"},
    {0, 4, "PK\3\4", "application/zip"},
    {0, 4, "PK\5\6", "application/zip"},
    {0, 3, "\x1f\x8b\x08", "application/gzip"},
    {0, 3, "BZh", "application/x-bzip2"},
    {0, 6, "\xfd" "7zXZ\0", "application/x-xz"},
    {0, 4, "\x28\xb5\x2f\xfd", "application/zstd"},
    {0, 6, "7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"},
    {257, 5, "ustar", "application/x-tar"},
    {0, 4, "\x7f" "ELF", "application/x-elf"},
    {0, 4, "\xcf\xfa\xed\xfe", "application/x-mach-binary"},
    {0, 4, "\xce\xfa\xed\xfe", "application/x-mach-binary"},
    {0, 4, "\0asm", "application/wasm"},
    {0, 2, "MZ", "application/vnd.microsoft.portable-executable"},
    {0, 16, "SQLite format 3\0", "application/vnd.sqlite3"},
    {0, 4, "OggS", "application/ogg"},
    {0, 4, "fLaC", "audio/flac"},
    {0, 3, "ID3", "audio/mpeg"},
    {4, 4, "ftyp", "video/mp4"},
    {0, 4, "\x1a\x45\xdf\xa3", "video/x-matroska"},
    {0, 4, "wOFF", "font/woff"},
    {0, 4, "wOF2", "font/woff2"},
};

/* How a text of a kind begins, behind white space; letters of either case. */
static const struct {
    const char *beginning;
    const char *mime;
} openings[] = {
    {"<!doctype html", "text/html"},
    {"<html", "text/html"},
    {"<svg", "image/svg+xml"},
    {"<?xml", "text/xml"},
    {"%PDF-", "application/pdf"},
};

static const char *skip_space(const char *text, const char *end)
{
    while (text < end && strchr(" \t\r\n", *text))
        text++;
    return text;
}

static bool begins(const char *text, const char *end, const char *beginning)
{
    size_t length = strlen(beginning);
    return (size_t)(end - text) >= length && strncasecmp(text, beginning, length) == 0;
}

/* A brace before a name or another brace, a bracket before a value: JSON more likely than an INI file or a program. */
static bool looks_like_json(const char *text, const char *end)
{
    if (text == end || (*text != '{' && *text != '['))
        return false;
    const char *next = skip_space(text + 1, end);
    if (next == end)
        return false;
    if (*text == '{')
        return *next == '"' || *next == '}';
    return strchr("\"[{]-0123456789", *next) || begins(next, end, "true") || begins(next, end, "false")
        || begins(next, end, "null");
}

static const char *guess_script(const char *text, const char *end)
{
    const char *line_end = memchr(text, '\n', (size_t)(end - text));
    line_end = line_end ? line_end : end;
    for (; text < line_end; text++) {
        if (begins(text, line_end, "python"))
            return "text/x-python";
        if (begins(text, line_end, "node"))
            return "text/javascript";
        if (begins(text, line_end, "sh"))
            return "text/x-shellscript";
    }
    return "text/plain";
}

static const char *guess_text(const char *text, const char *end)
{
    if (begins(text, end, "#!"))
        return guess_script(text, end);
    if (begins(text, end, "\xef\xbb\xbf"))
        text += 3;
    text = skip_space(text, end);
    for (size_t i = 0; i < sizeof openings / sizeof *openings; i++)
        if (begins(text, end, openings[i].beginning))
            return openings[i].mime;
    return looks_like_json(text, end) ? "application/json" : "text/plain";
}

static bool is_control(unsigned char c) { return c == 0x7f || c == '\0' || (c < ' ' && !strchr("\t\n\r\f\x1b", c)); }

/* UTF-8 with no control characters beside white space and escape. A head that is not the whole file may end within
   a character. */
static bool is_text(const unsigned char *head, size_t length, bool whole)
{
    for (size_t i = 0; i < length;) {
        size_t bytes = utf8_length(head + i, length - i);
        if (bytes == 0)
            return !whole && length - i < 4 && head[i] >= 0xc2;
        if (is_control(head[i]))
            return false;
        i += bytes;
    }
    return true;
}

const char *mime_guess(const unsigned char *head, size_t length, bool whole)
{
    if (length == 0)
        return "application/x-empty";
    if (is_text(head, length, whole))
        return guess_text((const char *)head, (const char *)head + length);
    for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++)
        if (signatures[i].offset + signatures[i].length <= length
            && memcmp(head + signatures[i].offset, signatures[i].bytes, signatures[i].length) == 0)
            return signatures[i].mime;
    return "application/octet-stream";
}
