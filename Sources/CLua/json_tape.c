// JSON into a flat list of tokens, without Lua.
#include "internal.h"

#include <stdlib.h>
#include <string.h>

struct clua_tape {
    clua_scanner scanner;
    clua_buffer scratch;
    clua_token *tokens;
    size_t count, capacity;
    int depth;
};

static bool read_value(clua_tape *tape);

static clua_token *add(clua_tape *tape, clua_token_kind kind) {
    if (tape->count == tape->capacity) {
        size_t capacity = tape->capacity == 0 ? 64 : tape->capacity * 2;
        clua_token *tokens = realloc(tape->tokens, capacity * sizeof *tokens);
        if (tokens == NULL) {
            clua_scan_fail(&tape->scanner, "not enough memory");
            return NULL;
        }
        tape->tokens = tokens;
        tape->capacity = capacity;
    }
    clua_token *token = &tape->tokens[tape->count++];
    *token = (clua_token){.kind = kind};
    return token;
}

// Text in scratch moves while scratch grows: until the end only its offset is known, kept in `integer`.
static bool add_text(clua_tape *tape, clua_token_kind kind, clua_scanned string) {
    clua_token *token = add(tape, kind);
    if (token == NULL) return false;
    token->text = string.text;
    token->integer = (int64_t)string.offset;
    token->count = string.count;
    return true;
}

static bool read_string(clua_tape *tape) {
    clua_scanned string;
    return clua_scan_string(&tape->scanner, &string) && add_text(tape, CLUA_TOKEN_STRING, string);
}

static bool read_number(clua_tape *tape) {
    int64_t integer = 0;
    double real = 0;
    clua_scanned digits;
    clua_token *token;
    switch (clua_scan_number(&tape->scanner, &integer, &real, &digits)) {
    case NUMBER_BAD: return false;
    case NUMBER_INTEGER:
        token = add(tape, CLUA_TOKEN_INTEGER);
        if (token != NULL) token->integer = integer;
        return token != NULL;
    case NUMBER_REAL:
        token = add(tape, CLUA_TOKEN_REAL);
        if (token != NULL) token->real = real;
        return token != NULL;
    case NUMBER_DIGITS: return add_text(tape, CLUA_TOKEN_DIGITS, digits);
    }
    return false;
}

static bool take(clua_tape *tape, char byte) {
    clua_scan_space(&tape->scanner);
    if (tape->scanner.at == tape->scanner.end || *tape->scanner.at != (uint8_t)byte) return false;
    tape->scanner.at += 1;
    return true;
}

static bool read_member(clua_tape *tape) {
    clua_scan_space(&tape->scanner);
    if (tape->scanner.at == tape->scanner.end || *tape->scanner.at != '"') {
        return clua_scan_fail(&tape->scanner, "a name in quotes was expected");
    }
    if (!read_string(tape)) return false;
    if (!take(tape, ':')) return clua_scan_fail(&tape->scanner, "':' was expected");
    return read_value(tape);
}

static bool read_container(clua_tape *tape, bool is_array) {
    if (tape->depth == CLUA_DEPTH) return clua_scan_fail(&tape->scanner, "more than 100 levels");
    size_t index = tape->count, count = 0;
    if (add(tape, is_array ? CLUA_TOKEN_ARRAY : CLUA_TOKEN_OBJECT) == NULL) return false;
    char close = is_array ? ']' : '}';
    tape->scanner.at += 1;
    tape->depth += 1;
    while (!take(tape, close)) {
        if (count > 0 && !take(tape, ',')) {
            return clua_scan_fail(&tape->scanner, is_array ? "',' or ']' was expected" : "',' or '}' was expected");
        }
        if (!(is_array ? read_value(tape) : read_member(tape))) return false;
        count += 1;
    }
    tape->depth -= 1;
    tape->tokens[index].count = count;
    return true;
}

static bool read_value(clua_tape *tape) {
    clua_scanner *scanner = &tape->scanner;
    clua_scan_space(scanner);
    if (scanner->at == scanner->end) return clua_scan_fail(scanner, "the text ends too early");
    switch (*scanner->at) {
    case '{': return read_container(tape, false);
    case '[': return read_container(tape, true);
    case '"': return read_string(tape);
    case 't': return clua_scan_word(scanner, "true") && add(tape, CLUA_TOKEN_TRUE) != NULL;
    case 'f': return clua_scan_word(scanner, "false") && add(tape, CLUA_TOKEN_FALSE) != NULL;
    case 'n': return clua_scan_word(scanner, "null") && add(tape, CLUA_TOKEN_NULL) != NULL;
    default: return read_number(tape);
    }
}

static void place_texts(clua_tape *tape) {
    for (size_t i = 0; i < tape->count; i++) {
        clua_token *token = &tape->tokens[i];
        if (token->kind != CLUA_TOKEN_STRING && token->kind != CLUA_TOKEN_DIGITS) continue;
        if (token->text == NULL && token->count > 0) token->text = tape->scratch.bytes + token->integer;
        token->integer = 0;
    }
}

clua_tape *clua_tape_new(clua_bytes document, size_t limit) {
    clua_tape *tape = calloc(1, sizeof *tape);
    if (tape == NULL) return NULL;
    clua_scan_begin(&tape->scanner, document, &tape->scratch);
    if (document.count > limit) {
        clua_scan_fail(&tape->scanner, "the text is too large");
        return tape;
    }
    if (read_value(tape)) {
        clua_scan_space(&tape->scanner);
        if (tape->scanner.at != tape->scanner.end) clua_scan_fail(&tape->scanner, "there is more after the value");
    }
    place_texts(tape);
    return tape;
}

void clua_tape_free(clua_tape *tape) {
    clua_buffer_free(&tape->scratch);
    free(tape->tokens);
    free(tape);
}

size_t clua_tape_count(const clua_tape *tape) { return tape->count; }

clua_token clua_tape_token(const clua_tape *tape, size_t index) {
    return index < tape->count ? tape->tokens[index] : (clua_token){.kind = CLUA_TOKEN_NULL};
}

const char *clua_tape_error(const clua_tape *tape, size_t *offset) {
    *offset = tape->scanner.error_offset;
    return tape->scanner.error;
}
