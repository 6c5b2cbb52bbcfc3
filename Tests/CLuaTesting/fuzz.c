// The entries that are fuzzed, and that run the cases found in the tests.
#include "CLuaTesting.h"
#include "internal.h"

#include <stdlib.h>
#include <string.h>

static clua_state *open_state(void) {
    clua_limits limits = {
        .memory = 8 << 20, .block = 4 << 20, .source = 64 << 10, .output = 1 << 20, .log = 1 << 20, .host_calls = 1,
    };
    clua_flag *flag = clua_flag_new();
    if (flag == NULL) return NULL;
    clua_state *s = clua_new(&limits, flag, (clua_bytes){(const uint8_t *)"[]", 2}, NULL, NULL);
    clua_flag_release(flag);
    return s;
}

// Reads the task's source into the table or value on top, and writes it into `out`; false if it is not JSON.
static bool pass(lua_State *L, clua_bytes document, clua_buffer *out) {
    if (!clua_decode(L, document, false)) {
        lua_pop(L, 1);
        return false;
    }
    out->count = 0;
    clua_encode(L, -1, ENCODE_JSON, out);
    lua_pop(L, 1);
    return true;
}

static int read_and_write(lua_State *L) {
    clua_state *s = clua_of(L);
    if (!pass(L, s->task.source, &s->output)) return 0;
    if (!pass(L, clua_view(&s->output), &s->operation)) return luaL_error(L, "what was written cannot be read");
    bool is_same = s->output.count == s->operation.count
        && memcmp(s->output.bytes, s->operation.bytes, s->output.count) == 0;
    if (!is_same) return luaL_error(L, "what was written is not what was read");
    return 0;
}

static bool is_failure_of_limits(const clua_state *s) {
    return s->kind == CLUA_MEMORY || s->kind == CLUA_TIME || s->kind == CLUA_LIMIT;
}

const char *clua_fuzz_json(const uint8_t *bytes, size_t count) {
    clua_bytes document = {bytes, count};
    clua_tape *tape = clua_tape_new(document, 1 << 20);
    if (tape == NULL) return NULL;
    size_t offset, total = 0;
    bool is_read = clua_tape_error(tape, &offset) == NULL;
    for (size_t i = 0; i < clua_tape_count(tape) && is_read; i++) {
        clua_token token = clua_tape_token(tape, i);
        for (size_t at = 0; at < token.count && token.text != NULL; at++) total += token.text[at];
    }
    clua_tape_free(tape);
    if (total == SIZE_MAX) return "no such sum";
    if (offset > count) return "the error is behind the end";
    clua_state *s = open_state();
    if (s == NULL) return NULL;
    s->task = (clua_task){.source = document};
    clua_result result = clua_enter(s, read_and_write, 1000000000, NULL);
    const char *broken = NULL;
    if (result == CLUA_FAILED && !is_failure_of_limits(s)) broken = "JSON does not survive being written";
    if (result == CLUA_DONE && !is_read && s->output.count > 0) broken = "the tape refuses what the decoder reads";
    if (result == CLUA_DONE && is_read && s->output.count == 0) broken = "the decoder refuses what the tape reads";
    clua_free(s);
    return broken;
}

static int search(lua_State *L) {
    clua_state *s = clua_of(L);
    const char *at = (const char *)s->task.source.bytes, *end = at + s->task.source.count;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &clua_environment_key);
    lua_getfield(L, -1, "string");
    for (int i = 0; i < 3; i++) { // pattern, replacement, text
        const char *stop = i == 2 || at == end ? end : memchr(at, '\0', (size_t)(end - at));
        if (stop == NULL) stop = end;
        lua_pushlstring(L, at, (size_t)(stop - at));
        at = stop < end ? stop + 1 : end;
    }
    static const char *const names[] = {"find", "match", "gsub", "gmatch", "format"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        lua_settop(L, 5);
        lua_getfield(L, 2, names[i]);
        lua_pushvalue(L, 5);
        lua_pushvalue(L, 3);
        lua_pushvalue(L, 4);
        if (i != 2) lua_pop(L, 1);
        if (lua_pcall(L, i == 2 ? 3 : 2, LUA_MULTRET, 0) != LUA_OK || i != 3) continue;
        for (int step = 0; step < 100; step++) {
            lua_pushvalue(L, 6);
            if (lua_pcall(L, 0, 1, 0) != LUA_OK || lua_isnil(L, -1)) break;
            lua_pop(L, 1);
        }
    }
    return 0;
}

const char *clua_fuzz_pattern(const uint8_t *bytes, size_t count) {
    clua_state *s = open_state();
    if (s == NULL) return NULL;
    s->task = (clua_task){.source = {count == 0 ? (const uint8_t *)"" : bytes, count}};
    clua_result result = clua_enter(s, search, 2000000000, NULL);
    const char *broken = result == CLUA_FAILED && s->kind == CLUA_TIME ? "a search takes two seconds" : NULL;
    clua_free(s);
    return broken;
}

const char *clua_fuzz_manifest(const uint8_t *bytes, size_t count) {
    static const char module[] = "fuzz";
    clua_state *s = open_state();
    if (s == NULL) return NULL;
    clua_bytes name = {(const uint8_t *)module, sizeof module - 1};
    const char *broken = NULL;
    if (clua_load(s, (clua_bytes){bytes, count}, name, name, 50000000) == CLUA_DONE
        && clua_manifest(s, name, 50000000) == CLUA_DONE) {
        clua_tape *tape = clua_tape_new(clua_output(s), 1 << 20);
        size_t offset;
        if (tape != NULL && clua_tape_error(tape, &offset) != NULL) broken = "a manifest that is not JSON";
        if (tape != NULL) clua_tape_free(tape);
    }
    clua_free(s);
    return broken;
}
