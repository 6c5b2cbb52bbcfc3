// The words of JSON: strings and numbers, shared by the decoder into Lua and the tape.
#include "internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void clua_scan_begin(clua_scanner *scanner, clua_bytes document, clua_buffer *scratch) {
    const uint8_t *start = document.bytes == NULL ? (const uint8_t *)"" : document.bytes;
    *scanner = (clua_scanner){.start = start, .at = start, .end = start + document.count, .scratch = scratch};
    if (document.count >= 3 && memcmp(start, "\xEF\xBB\xBF", 3) == 0) scanner->at += 3;
}

bool clua_scan_fail(clua_scanner *scanner, const char *error) {
    if (scanner->error == NULL) {
        scanner->error = error;
        scanner->error_offset = (size_t)(scanner->at - scanner->start);
    }
    return false;
}

void clua_scan_space(clua_scanner *scanner) {
    while (scanner->at < scanner->end) {
        uint8_t c = *scanner->at;
        if (c != ' ' && c != '\n' && c != '\r' && c != '\t') return;
        scanner->at += 1;
    }
}

bool clua_scan_word(clua_scanner *scanner, const char *word) {
    size_t count = strlen(word);
    if ((size_t)(scanner->end - scanner->at) < count || memcmp(scanner->at, word, count) != 0) {
        return clua_scan_fail(scanner, "a value was expected");
    }
    scanner->at += count;
    return true;
}

static int hex_digit(uint8_t c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// Four digits at `at`; -1 if they are not there.
static int32_t hex_four(const uint8_t *at, const uint8_t *end) {
    if (end - at < 4) return -1;
    int32_t value = 0;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(at[i]);
        if (digit < 0) return -1;
        value = value << 4 | digit;
    }
    return value;
}

// The scalar of \uXXXX, whose digits begin at `at`; a lone surrogate becomes U+FFFD.
static bool scan_unicode(clua_scanner *scanner) {
    int32_t unit = hex_four(scanner->at, scanner->end);
    if (unit < 0) return clua_scan_fail(scanner, "\\u needs four hexadecimal digits");
    scanner->at += 4;
    uint32_t scalar = (uint32_t)unit;
    if (unit >= 0xD800 && unit < 0xDC00 && scanner->end - scanner->at >= 6 && scanner->at[0] == '\\'
        && scanner->at[1] == 'u') {
        int32_t low = hex_four(scanner->at + 2, scanner->end);
        if (low >= 0xDC00 && low < 0xE000) {
            scalar = 0x10000 + (((uint32_t)unit - 0xD800) << 10) + ((uint32_t)low - 0xDC00);
            scanner->at += 6;
        }
    }
    if (scalar >= 0xD800 && scalar < 0xE000) scalar = 0xFFFD;
    uint8_t out[4];
    if (!clua_buffer_append(scanner->scratch, out, clua_utf8_write(out, scalar))) {
        return clua_scan_fail(scanner, "not enough memory");
    }
    return true;
}

static bool scan_escape(clua_scanner *scanner) {
    scanner->at += 1;
    if (scanner->at == scanner->end) return clua_scan_fail(scanner, "the string does not end");
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    uint8_t c = *scanner->at;
    if (c == 'u') {
        scanner->at += 1;
        return scan_unicode(scanner);
    }
    const char *found = c == 0 ? NULL : strchr(names, c);
    if (found == NULL) return clua_scan_fail(scanner, "unknown escape");
    scanner->at += 1;
    if (!clua_buffer_byte(scanner->scratch, values[found - names])) {
        return clua_scan_fail(scanner, "not enough memory");
    }
    return true;
}

// The rest of a string that cannot be taken as it stands: escapes, or bytes that are not UTF-8 (U+FFFD each).
static bool scan_slowly(clua_scanner *scanner, const uint8_t *from, clua_scanned *result) {
    clua_buffer *scratch = scanner->scratch;
    result->text = NULL;
    result->offset = scratch->count;
    bool room = clua_buffer_append(scratch, from, (size_t)(scanner->at - from));
    while (room && scanner->at < scanner->end) {
        uint8_t c = *scanner->at;
        if (c == '"') {
            scanner->at += 1;
            result->count = scratch->count - result->offset;
            return true;
        }
        if (c < 0x20) return clua_scan_fail(scanner, "control character in a string");
        if (c == '\\') {
            if (!scan_escape(scanner)) return false;
            continue;
        }
        size_t length = clua_utf8_length(scanner->at, (size_t)(scanner->end - scanner->at));
        if (length == 0) {
            room = clua_buffer_text(scratch, "\xEF\xBF\xBD");
            scanner->at += 1;
        } else {
            room = clua_buffer_append(scratch, scanner->at, length);
            scanner->at += length;
        }
    }
    return clua_scan_fail(scanner, room ? "the string does not end" : "not enough memory");
}

bool clua_scan_string(clua_scanner *scanner, clua_scanned *result) {
    const uint8_t *from = ++scanner->at, *end = scanner->end;
    while (scanner->at < end) {
        uint8_t c = *scanner->at;
        if (c == '"') {
            *result = (clua_scanned){.text = from, .count = (size_t)(scanner->at - from)};
            scanner->at += 1;
            return true;
        }
        if (c == '\\' || c < 0x20) break;
        if (c < 0x80) {
            scanner->at += 1;
            continue;
        }
        size_t length = clua_utf8_length(scanner->at, (size_t)(end - scanner->at));
        if (length == 0) break;
        scanner->at += length;
    }
    return scan_slowly(scanner, from, result);
}

static void skip_digits(clua_scanner *scanner) {
    while (scanner->at < scanner->end && *scanner->at >= '0' && *scanner->at <= '9') scanner->at += 1;
}

static bool at_digit(clua_scanner *scanner) {
    return scanner->at < scanner->end && *scanner->at >= '0' && *scanner->at <= '9';
}

// Moves over a number; false if it is none. `is_real` if it has a fraction or an exponent.
static bool skip_number(clua_scanner *scanner, bool *is_real) {
    *is_real = false;
    if (scanner->at < scanner->end && *scanner->at == '-') scanner->at += 1;
    if (!at_digit(scanner)) return clua_scan_fail(scanner, "a value was expected");
    if (*scanner->at == '0') {
        scanner->at += 1;
        if (at_digit(scanner)) return clua_scan_fail(scanner, "a number must not begin with 0");
    }
    skip_digits(scanner);
    if (scanner->at < scanner->end && *scanner->at == '.') {
        *is_real = true;
        scanner->at += 1;
        if (!at_digit(scanner)) return clua_scan_fail(scanner, "a digit was expected");
        skip_digits(scanner);
    }
    if (scanner->at < scanner->end && (*scanner->at | 0x20) == 'e') {
        *is_real = true;
        scanner->at += 1;
        if (scanner->at < scanner->end && (*scanner->at == '+' || *scanner->at == '-')) scanner->at += 1;
        if (!at_digit(scanner)) return clua_scan_fail(scanner, "a digit was expected");
        skip_digits(scanner);
    }
    return true;
}

static bool to_integer(const uint8_t *at, const uint8_t *end, int64_t *result) {
    bool negative = *at == '-';
    uint64_t value = 0, limit = negative ? (uint64_t)INT64_MAX + 1 : INT64_MAX;
    for (at += negative; at < end; at++) {
        uint64_t digit = *at - '0';
        if (value > (limit - digit) / 10) return false;
        value = value * 10 + digit;
    }
    *result = negative ? (int64_t)(0 - value) : (int64_t)value;
    return true;
}

static bool to_real(const uint8_t *from, size_t count, double *result) {
    char small[64];
    char *text = small;
    if (count >= sizeof small) {
        text = malloc(count + 1);
        if (text == NULL) return false;
    }
    memcpy(text, from, count);
    text[count] = '\0';
    *result = strtod(text, NULL);
    if (text != small) free(text);
    return isfinite(*result);
}

clua_number clua_scan_number(clua_scanner *scanner, int64_t *integer, double *real, clua_scanned *digits) {
    const uint8_t *from = scanner->at;
    bool is_real;
    if (!skip_number(scanner, &is_real)) return NUMBER_BAD;
    size_t count = (size_t)(scanner->at - from);
    if (is_real) {
        if (to_real(from, count, real)) return NUMBER_REAL;
        scanner->at = from;
        clua_scan_fail(scanner, "the number is out of range");
        return NUMBER_BAD;
    }
    if (to_integer(from, scanner->at, integer)) return NUMBER_INTEGER;
    *digits = (clua_scanned){.text = from, .count = count};
    return NUMBER_DIGITS;
}
