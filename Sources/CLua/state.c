// Life of a state, and what is asked of it between entries.
#include "internal.h"

#include <stdlib.h>
#include <string.h>

const char clua_modules, clua_functions, clua_script_key, clua_context_key, clua_array_key, clua_object_key,
    clua_next_key, clua_order_key, clua_environment_key, clua_pinned_key, clua_string_key, clua_real_key,
    clua_original_key;

// Literals of Lua's error machinery: kept alive, so that raising an error does not have to allocate them.
static const char *const pinned[] = {
    "error in error handling", "C stack overflow", "not enough memory", "stack overflow", "kind", "message", "hint",
    "where",
};

static void pin_literals(lua_State *L) {
    lua_newtable(L);
    for (size_t i = 0; i < sizeof pinned / sizeof *pinned; i++) {
        lua_pushstring(L, pinned[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_rawsetp(L, LUA_REGISTRYINDEX, &clua_pinned_key);
}

static int build(lua_State *L) {
    const clua_bytes *leafs = lua_touserdata(L, 1);
    pin_literals(L);
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &clua_modules);
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &clua_functions);
    clua_build_environment(L, *leafs);
    // Nothing may lead to what the environment was built from.
    lua_newtable(L);
    lua_rawseti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
    lua_pushnil(L);
    lua_setfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    lua_pushnil(L);
    lua_setfield(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
    lua_gc(L, LUA_GCCOLLECT);
    return 0;
}

clua_state *clua_new(
    const clua_limits *limits, clua_flag *flag, clua_bytes leafs, clua_leaf leaf, void *context) {
    clua_state *s = calloc(1, sizeof *s);
    if (s == NULL) return NULL;
    s->limits = *limits;
    s->flag = flag;
    clua_flag_retain(flag);
    s->leaf = leaf;
    s->leaf_context = context;
    clua_failure_reset(s);
    s->L = lua_newstate(clua_allocate, s);
    if (s->L == NULL) {
        clua_free(s);
        return NULL;
    }
    *(clua_state **)lua_getextraspace(s->L) = s;
    lua_pushcfunction(s->L, build);
    lua_pushlightuserdata(s->L, &leafs);
    if (lua_pcall(s->L, 1, 0, 0) != LUA_OK) {
        clua_free(s);
        return NULL;
    }
    s->limiting = true;
    s->peak = s->used;
    return s;
}

void clua_free(clua_state *s) {
    s->armed = false;
    s->limiting = false;
    if (s->L != NULL) {
        lua_sethook(s->L, NULL, 0, 0);
        lua_close(s->L);
    }
    for (size_t i = 0; i < s->argument_capacity; i++) {
        for (int part = 0; part < 3; part++) clua_buffer_free(&s->arguments[i].parts[part]);
    }
    free(s->arguments);
    for (size_t i = 0; i < s->chunk_count; i++) free(s->chunks[i].name);
    clua_buffer *buffers[] = {
        &s->output, &s->operation, &s->message, &s->file, &s->trace, &s->thrown_kind, &s->hint, &s->scratch, &s->log,
    };
    for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++) clua_buffer_free(buffers[i]);
    free(s->keys);
    free(s->order.keys);
    clua_flag_release(s->flag);
    free(s);
}

bool clua_argument_add(
    clua_state *s, clua_argument_kind kind, clua_bytes first, clua_bytes second, clua_bytes third) {
    if (s->argument_count == s->argument_capacity) {
        size_t capacity = s->argument_capacity + 4;
        clua_argument *arguments = realloc(s->arguments, capacity * sizeof *arguments);
        if (arguments == NULL) return false;
        memset(arguments + s->argument_capacity, 0, 4 * sizeof *arguments);
        s->arguments = arguments;
        s->argument_capacity = capacity;
    }
    clua_argument *argument = &s->arguments[s->argument_count];
    clua_bytes parts[3] = {first, second, third};
    argument->kind = kind;
    for (int i = 0; i < 3; i++) {
        argument->parts[i].count = 0;
        if (!clua_buffer_append(&argument->parts[i], parts[i].bytes, parts[i].count)) return false;
    }
    s->argument_count += 1;
    return true;
}

clua_bytes clua_output(const clua_state *s) { return clua_view(&s->output); }

clua_bytes clua_operation(const clua_state *s) { return clua_view(&s->operation); }

clua_failure clua_last_failure(const clua_state *s) {
    return (clua_failure){
        .kind = s->kind,
        .message = clua_view(&s->message),
        .file = clua_view(&s->file),
        .line = s->line,
        .trace = clua_view(&s->trace),
        .thrown_kind = clua_view(&s->thrown_kind),
        .hint = clua_view(&s->hint),
        .undecodable = s->undecodable,
    };
}

clua_statistics clua_statistics_of(const clua_state *s) {
    return (clua_statistics){
        .used = s->used,
        .peak = s->peak,
        .refusals = s->refusals,
        .hooks = s->hooks,
        .host_calls = s->host_calls,
        .script_time = s->script_spent,
        .entry_time = s->entry_spent,
    };
}

void clua_refuse(clua_state *s, uint64_t from, uint64_t count) {
    s->allocations = 0;
    s->refuse_from = from;
    s->refuse_count = count;
}
