// Base64 in both alphabets.
#include "internal.h"

static const char standard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char for_urls[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// `url` takes the alphabet of URLs and leaves the padding out.
bool clua_base64_encode(clua_buffer *out, const uint8_t *bytes, size_t count, bool url) {
    const char *alphabet = url ? for_urls : standard;
    if (!clua_buffer_reserve(out, (count + 2) / 3 * 4)) return false;
    uint8_t *to = out->bytes + out->count;
    for (size_t i = 0; i < count; i += 3) {
        size_t left = count - i;
        uint32_t group = (uint32_t)bytes[i] << 16;
        if (left > 1) group |= (uint32_t)bytes[i + 1] << 8;
        if (left > 2) group |= bytes[i + 2];
        *to++ = (uint8_t)alphabet[group >> 18];
        *to++ = (uint8_t)alphabet[group >> 12 & 63];
        if (left > 1 || !url) *to++ = left > 1 ? (uint8_t)alphabet[group >> 6 & 63] : '=';
        if (left > 2 || !url) *to++ = left > 2 ? (uint8_t)alphabet[group & 63] : '=';
    }
    out->count = (size_t)(to - out->bytes);
    return true;
}

static int value_of(uint8_t c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+' || c == '-') return 62;
    if (c == '/' || c == '_') return 63;
    return -1;
}

// Takes either alphabet, white space, and missing padding; false if it is not base64, or without memory.
bool clua_base64_decode(clua_buffer *out, const uint8_t *text, size_t count) {
    uint32_t group = 0;
    int digits = 0, padding = 0;
    if (!clua_buffer_reserve(out, count / 4 * 3 + 3)) return false;
    for (size_t i = 0; i < count; i++) {
        uint8_t c = text[i];
        if (c == ' ' || c == '\n' || c == '\r' || c == '\t') continue;
        if (c == '=') {
            padding += 1;
            continue;
        }
        int value = value_of(c);
        if (value < 0 || padding > 0) return false;
        group = group << 6 | (uint32_t)value;
        if (++digits % 4 != 0) continue;
        out->bytes[out->count++] = (uint8_t)(group >> 16);
        out->bytes[out->count++] = (uint8_t)(group >> 8);
        out->bytes[out->count++] = (uint8_t)group;
        group = 0;
    }
    int rest = digits % 4;
    if (rest == 1 || padding > 2 || (padding > 0 && (rest + padding) % 4 != 0)) return false;
    if (rest == 2) out->bytes[out->count++] = (uint8_t)(group >> 4);
    if (rest == 3) {
        out->bytes[out->count++] = (uint8_t)(group >> 10);
        out->bytes[out->count++] = (uint8_t)(group >> 2);
    }
    return true;
}
