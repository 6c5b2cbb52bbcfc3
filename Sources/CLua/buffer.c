// Byte buffers and the cleaning of texts that people will read.
#include "internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool clua_buffer_reserve(clua_buffer *buffer, size_t more) {
    if (more <= buffer->capacity - buffer->count) return true;
    size_t need = buffer->count + more;
    if (need < more) return false;
    size_t capacity = buffer->capacity < 256 ? 256 : buffer->capacity;
    while (capacity < need) {
        if (capacity > SIZE_MAX / 2) return false;
        capacity *= 2;
    }
    uint8_t *bytes = realloc(buffer->bytes, capacity);
    if (bytes == NULL) return false;
    buffer->bytes = bytes;
    buffer->capacity = capacity;
    return true;
}

bool clua_buffer_append(clua_buffer *buffer, const uint8_t *bytes, size_t count) {
    if (count == 0) return true;
    if (!clua_buffer_reserve(buffer, count)) return false;
    memcpy(buffer->bytes + buffer->count, bytes, count);
    buffer->count += count;
    return true;
}

bool clua_buffer_text(clua_buffer *buffer, const char *text) {
    return clua_buffer_append(buffer, (const uint8_t *)text, strlen(text));
}

void clua_buffer_free(clua_buffer *buffer) {
    free(buffer->bytes);
    *buffer = (clua_buffer){0};
}

// Controls and what turns the writing direction: they could forge lines or hide text on a terminal.
static bool is_hostile(uint32_t c) {
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x061C || c == 0x200E || c == 0x200F || c == 0x2028
        || c == 0x2029 || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

static uint32_t scalar_at(const uint8_t *p, size_t length) {
    if (length == 1) return p[0];
    uint32_t c = p[0] & (0xFFu >> (length + 1));
    for (size_t i = 1; i < length; i++) c = c << 6 | (p[i] & 0x3F);
    return c;
}

// Appends text as valid UTF-8 on one line, at most `limit` bytes of it.
void clua_buffer_sanitized(clua_buffer *buffer, const char *text, size_t count, size_t limit) {
    const uint8_t *p = (const uint8_t *)text;
    size_t start = buffer->count, i = 0;
    while (i < count) {
        if (buffer->count - start > limit - 16) {
            clua_buffer_text(buffer, "…");
            return;
        }
        size_t length = clua_utf8_length(p + i, count - i);
        if (length == 0) {
            clua_buffer_text(buffer, "\xEF\xBF\xBD");
            i += 1;
            continue;
        }
        uint32_t c = scalar_at(p + i, length);
        if (is_hostile(c)) {
            char escape[16];
            snprintf(escape, sizeof escape, c == '\n' ? "\\n" : c == '\t' ? "\\t" : "\\u{%X}", c);
            clua_buffer_text(buffer, escape);
        } else {
            clua_buffer_append(buffer, p + i, length);
        }
        i += length;
    }
}
