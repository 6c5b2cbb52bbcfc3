// Failures as values: what went wrong, where, and the way there. Reads error objects raw and never runs plugin code.
#include "internal.h"

#include <stdio.h>
#include <string.h>

void clua_failure_reset(clua_state *s) {
    s->failed = false;
    s->kind = CLUA_RUNTIME;
    s->stage_kind = CLUA_USAGE;
    s->undecodable = false;
    s->line = 0;
    s->function_line = 0;
    s->function_file = NULL;
    s->message.count = s->file.count = s->trace.count = s->thrown_kind.count = s->hint.count = 0;
}

static void set_message(clua_state *s, const char *text, size_t count) {
    s->message.count = 0;
    clua_buffer_sanitized(&s->message, text, count, CLUA_MESSAGE);
}

static void set_file(clua_state *s, const char *name) {
    s->file.count = 0;
    clua_buffer_sanitized(&s->file, name, strlen(name), CLUA_MESSAGE);
}

void clua_failure_text(clua_state *s, clua_kind kind, const char *text) {
    s->failed = true;
    s->kind = kind;
    set_message(s, text, strlen(text));
}

void clua_failure_kill(clua_state *s) {
    char text[128];
    switch (s->kill) {
    case KILL_NONE: return;
    case KILL_MEMORY:
        snprintf(text, sizeof text, "memory limit exceeded (%zu MiB)", s->limits.memory >> 20);
        clua_failure_text(s, CLUA_MEMORY, text);
        return;
    case KILL_TIME:
        snprintf(text, sizeof text, "time limit exceeded (%lld ms)", (long long)(s->budget / 1000000));
        clua_failure_text(s, CLUA_TIME, text);
        return;
    case KILL_CANCELLED: clua_failure_text(s, CLUA_CANCELLED, "cancelled"); return;
    case KILL_LIMIT: clua_failure_text(s, CLUA_LIMIT, s->kill_text); return;
    }
}

// Full name of the chunk whose shortened name begins `text` and is followed by ":LINE: "; NULL if there is none.
static const char *take_position(clua_state *s, const char *text, size_t count, size_t *skip, int *line) {
    for (size_t i = 0; i < s->chunk_count; i++) {
        size_t n = strlen(s->chunks[i].short_name);
        if (count <= n || memcmp(text, s->chunks[i].short_name, n) != 0 || text[n] != ':') continue;
        size_t at = n + 1;
        int number = 0;
        while (at < count && text[at] >= '0' && text[at] <= '9' && number < 10000000) {
            number = number * 10 + (text[at++] - '0');
        }
        if (at == n + 1 || at + 1 >= count || text[at] != ':' || text[at + 1] != ' ') continue;
        *skip = at + 2;
        *line = number;
        return s->chunks[i].name;
    }
    return NULL;
}

static void set_message_with_position(clua_state *s, const char *text, size_t count) {
    size_t skip = 0;
    const char *file = take_position(s, text, count, &skip, &s->line);
    if (file != NULL) set_file(s, file);
    set_message(s, text + skip, count - skip);
}

// Pushes nothing. Needs three slots; the names are pinned, so nothing is allocated.
static bool take_text(lua_State *L, const char *name, clua_buffer *out) {
    lua_pushstring(L, name);
    lua_rawget(L, -2);
    bool is_text = lua_type(L, -1) == LUA_TSTRING;
    if (is_text) {
        size_t count;
        const char *text = lua_tolstring(L, -1, &count);
        out->count = 0;
        clua_buffer_sanitized(out, text, count, CLUA_MESSAGE);
    }
    lua_pop(L, 1);
    return is_text;
}

static void describe_value(clua_state *s, lua_State *L) {
    size_t count;
    char text[64];
    switch (lua_type(L, -1)) {
    case LUA_TSTRING: {
        const char *string = lua_tolstring(L, -1, &count);
        set_message_with_position(s, string, count);
        return;
    }
    case LUA_TTABLE:
        if (lua_checkstack(L, 3)) {
            take_text(L, "kind", &s->thrown_kind);
            take_text(L, "hint", &s->hint);
            if (take_text(L, "message", &s->message)) return;
        }
        clua_failure_text(s, s->kind, "(error object is a table)");
        return;
    case LUA_TNUMBER:
        if (lua_isinteger(L, -1)) {
            snprintf(text, sizeof text, "%lld", (long long)lua_tointeger(L, -1));
        } else {
            snprintf(text, sizeof text, "%.14g", lua_tonumber(L, -1));
        }
        clua_failure_text(s, s->kind, text);
        return;
    default:
        snprintf(text, sizeof text, "(error object is a %s value)", luaL_typename(L, -1));
        clua_failure_text(s, s->kind, text);
    }
}

void clua_failure_status(clua_state *s, lua_State *L, int status) {
    s->failed = true;
    if (s->kill != KILL_NONE) {
        clua_failure_kill(s);
        return;
    }
    s->kind = status == LUA_ERRMEM ? CLUA_MEMORY : status == LUA_ERRSYNTAX ? CLUA_SYNTAX : s->stage_kind;
    describe_value(s, L);
    // luaL_Buffer reports a refused block as an ordinary error with this text.
    static const char refused[] = "not enough memory";
    if (s->message.count == sizeof refused - 1 && memcmp(s->message.bytes, refused, sizeof refused - 1) == 0) {
        s->kind = CLUA_MEMORY;
    }
}

static void trace_line(clua_state *s, lua_Debug *record) {
    char number[32];
    if (s->trace.count > 0) clua_buffer_byte(&s->trace, '\n');
    if (*record->what == 'C') {
        clua_buffer_text(&s->trace, "[host]: in ");
    } else {
        clua_buffer_text(&s->trace, record->short_src);
        snprintf(number, sizeof number, ":%d: in ", record->currentline);
        clua_buffer_text(&s->trace, number);
    }
    if (*record->namewhat != '\0') {
        clua_buffer_text(&s->trace, record->namewhat);
        clua_buffer_text(&s->trace, " '");
        clua_buffer_sanitized(&s->trace, record->name, strlen(record->name), 128);
        clua_buffer_byte(&s->trace, '\'');
    } else if (*record->what == 'm') {
        clua_buffer_text(&s->trace, "main chunk");
    } else if (*record->what == 'C') {
        clua_buffer_text(&s->trace, "?");
    } else {
        snprintf(number, sizeof number, "function at line %d", record->linedefined);
        clua_buffer_text(&s->trace, number);
    }
}

// Writes the stack of L, and the place of its innermost Lua function, without allocating in Lua.
void clua_trace(clua_state *s, lua_State *L, int level) {
    lua_Debug record;
    bool placed = false;
    s->trace.count = 0;
    for (int lines = 0; lines < CLUA_TRACE_LEVELS && lua_getstack(L, level, &record); level++) {
        if (!lua_getinfo(L, "Sln", &record)) continue;
        bool is_lua = *record.what != 'C';
        if (is_lua && !placed && record.currentline > 0) {
            placed = true;
            s->line = record.currentline;
            set_file(s, *record.source == '@' ? record.source + 1 : record.short_src);
        }
        if (!is_lua && *record.namewhat == '\0') continue; // entries of the host
        trace_line(s, &record);
        lines += 1;
    }
}

// Message handler: leaves the error as it is.
int clua_message_handler(lua_State *L) {
    clua_state *s = clua_of(L);
    if (s->kill == KILL_NONE) clua_trace(s, L, 1); // 0 is this handler
    return 1;
}
