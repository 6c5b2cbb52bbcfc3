// agent.log: lines are kept in the state until the host takes them.
#include "internal.h"

#include <string.h>

typedef struct record {
    int32_t level, line;
    uint32_t file_count, text_count;
} record;

static const char *chunk_name(clua_state *s, const char *short_name) {
    for (size_t i = 0; i < s->chunk_count; i++) {
        if (strcmp(s->chunks[i].short_name, short_name) == 0) return s->chunks[i].name;
    }
    return short_name;
}

// Adds a line, with the place of the plugin's innermost function. Ends the entry at the quota.
void clua_log_write(clua_state *s, lua_State *L, int level, const char *text, size_t count) {
    lua_Debug debug;
    const char *file = "";
    record head = {.level = level};
    for (int i = 0; i < 4 && lua_getstack(L, i, &debug); i++) {
        if (!lua_getinfo(L, "Sl", &debug) || debug.currentline <= 0) continue;
        file = chunk_name(s, debug.short_src);
        head.line = debug.currentline;
        break;
    }
    size_t start = s->log.count;
    head.file_count = (uint32_t)strlen(file);
    bool room = clua_buffer_append(&s->log, (const uint8_t *)&head, sizeof head) && clua_buffer_text(&s->log, file);
    size_t text_start = s->log.count;
    if (room) clua_buffer_sanitized(&s->log, text, count, CLUA_MESSAGE);
    head.text_count = (uint32_t)(s->log.count - text_start);
    size_t charge = sizeof head + head.file_count + head.text_count; // an empty line takes memory too
    if (!room || s->log_used + charge > s->limits.log) {
        s->log.count = start;
        clua_kill_limit(L, room ? "the log's quota is used up" : "not enough memory");
    }
    memcpy(s->log.bytes + start, &head, sizeof head);
    s->log_used += charge;
}

// Upvalue 1 is the level. Several values are joined by a space.
static int write(lua_State *L) {
    clua_state *s = clua_of(L);
    int count = lua_gettop(L);
    clua_poll(L);
    s->scratch.count = 0;
    for (int i = 1; i <= count; i++) {
        clua_tostring(L, i); // may run plugin code, which may log too
        lua_replace(L, i);
    }
    s->scratch.count = 0;
    for (int i = 1; i <= count && s->scratch.count <= CLUA_MESSAGE; i++) { // the line is cut there
        size_t length;
        const char *text = lua_tolstring(L, i, &length);
        if (length > CLUA_MESSAGE) length = CLUA_MESSAGE;
        if (i > 1) clua_buffer_byte(&s->scratch, ' ');
        clua_buffer_append(&s->scratch, (const uint8_t *)text, length);
    }
    const char *text = s->scratch.count == 0 ? "" : (const char *)s->scratch.bytes;
    clua_log_write(s, L, (int)lua_tointeger(L, lua_upvalueindex(1)), text, s->scratch.count);
    return 0;
}

void clua_open_log(lua_State *L) {
    static const char *const levels[] = {"debug", "info", "warning", "error"};
    lua_createtable(L, 0, 4);
    for (int level = 0; level < 4; level++) {
        lua_pushinteger(L, level);
        lua_pushcclosure(L, write, 1);
        lua_setfield(L, -2, levels[level]);
    }
}

bool clua_log_next(const clua_state *s, size_t *cursor, clua_log_line *line) {
    record head;
    if (s->log.count - *cursor < sizeof head) return false;
    memcpy(&head, s->log.bytes + *cursor, sizeof head);
    const uint8_t *file = s->log.bytes + *cursor + sizeof head;
    *line = (clua_log_line){
        .level = head.level,
        .line = head.line,
        .file = {file, head.file_count},
        .text = {file + head.file_count, head.text_count},
    };
    *cursor += sizeof head + head.file_count + head.text_count;
    return true;
}

void clua_log_clear(clua_state *s) { s->log.count = 0; }
