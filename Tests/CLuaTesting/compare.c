// Our string library beside the stock one: the same random calls in two states.
#include "CLuaTesting.h"
#include "internal.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef struct comparison {
    lua_State *stock, *ours;
    uint64_t random;
    char *report;
    size_t capacity;
    char call[1024]; // as text, for the report
    size_t written;
} comparison;

static uint32_t below(comparison *c, uint32_t limit) {
    c->random ^= c->random >> 12;
    c->random ^= c->random << 25;
    c->random ^= c->random >> 27;
    return (uint32_t)((c->random * 0x2545F4914F6CDD1D) >> 32) % limit;
}

__attribute__((format(printf, 2, 3))) static void note(comparison *c, const char *format, ...) {
    if (c->written >= sizeof c->call - 1) return;
    va_list arguments;
    va_start(arguments, format);
    int count = vsnprintf(c->call + c->written, sizeof c->call - c->written, format, arguments);
    va_end(arguments);
    c->written += count > 0 ? (size_t)count : 0;
}

static void note_text(comparison *c, const char *text, size_t count) {
    note(c, "'");
    for (size_t i = 0; i < count; i++) {
        uint8_t byte = (uint8_t)text[i];
        if (byte >= 0x20 && byte < 0x7F && byte != '\'' && byte != '\\') {
            note(c, "%c", byte);
        } else {
            note(c, "\\%03d", byte);
        }
    }
    note(c, "'");
}

// Arguments: each is pushed on both stacks.

static void push_text(comparison *c, const char *text, size_t count) {
    lua_pushlstring(c->stock, text, count);
    lua_pushlstring(c->ours, text, count);
    note_text(c, text, count);
}

static void push_integer(comparison *c, lua_Integer value) {
    lua_pushinteger(c->stock, value);
    lua_pushinteger(c->ours, value);
    note(c, "%lld", (long long)value);
}

static void push_real(comparison *c, lua_Number value) {
    lua_pushnumber(c->stock, value);
    lua_pushnumber(c->ours, value);
    note(c, "%a", value);
}

static void push_nil(comparison *c) {
    lua_pushnil(c->stock);
    lua_pushnil(c->ours);
    note(c, "nil");
}

static void push_boolean(comparison *c, bool value) {
    lua_pushboolean(c->stock, value);
    lua_pushboolean(c->ours, value);
    note(c, value ? "true" : "false");
}

static size_t random_text(comparison *c, char *text, size_t most) {
    static const char letters[] = "aaabbcAB01 9.,-%()[]^$*+?\"\\\n";
    size_t count = below(c, (uint32_t)most + 1);
    bool is_simple = below(c, 3) > 0;
    for (size_t i = 0; i < count; i++) {
        if (is_simple) {
            text[i] = letters[below(c, 8)];
        } else {
            text[i] = below(c, 12) == 0 ? (char)below(c, 256) : letters[below(c, sizeof letters - 1)];
        }
    }
    return count;
}

static void push_random_text(comparison *c, size_t most) {
    char text[64];
    size_t count = random_text(c, text, most);
    push_text(c, text, count);
}

// Mostly valid; few repetitions, because the stock library does not give up.
static void push_pattern(comparison *c) {
    static const char *const parts[] = {
        "a", "b", "c", ".", "%a", "%d", "%s", "%w", "%A", "%p", "%x", "%u", "%l", "%c", "%g", "[ab]", "[^a]", "[a-c]",
        "[%a_]", "[^%d.]", "[]]", "[^]]", "[a-]", "[%]]", "(", ")", "()", "%1", "%2", "%b()", "%bab", "%f[%a]", "%f[^b]",
        "^", "$", "%%", "%.", "(a)", "(.)", "(b*)", "-", "%z", "[", "%", "%f", "%b", "\0", "\xFF", " ", "A", "0", ",",
    };
    static const char repeats[] = "*+-?";
    char text[64];
    size_t count = 0;
    if (below(c, 6) == 0) text[count++] = '^';
    int repeated = 0;
    for (uint32_t n = below(c, 7); n > 0; n--) {
        uint32_t index = below(c, 3) > 0 ? below(c, 24) : below(c, sizeof parts / sizeof *parts);
        size_t length = parts[index][0] == '\0' ? 1 : strlen(parts[index]);
        memcpy(text + count, parts[index], length);
        count += length;
        if (repeated < 3 && below(c, 3) == 0) {
            text[count++] = repeats[below(c, 4)];
            repeated += 1;
        }
    }
    if (below(c, 8) == 0) text[count++] = '$';
    push_text(c, text, count);
}

static void push_position(comparison *c) {
    static const lua_Integer edges[] = {0, LUA_MAXINTEGER, LUA_MININTEGER, 1LL << 31, -(1LL << 31), 1LL << 53};
    if (below(c, 10) == 0) {
        push_integer(c, edges[below(c, sizeof edges / sizeof *edges)]);
    } else {
        push_integer(c, (lua_Integer)below(c, 60) - 25);
    }
}

static void push_number(comparison *c) {
    static const lua_Number edges[] = {0.0, -0.0, 1e308, -1e-310, 0.1, 1e15, 123456.789, 2.5, 1e100, HUGE_VAL, -1.5};
    switch (below(c, 4)) {
    case 0: push_integer(c, (lua_Integer)below(c, 2000) - 1000); return;
    case 1: push_real(c, edges[below(c, sizeof edges / sizeof *edges)]); return;
    case 2: push_real(c, ((lua_Number)below(c, 1000000) - 500000) / 8); return;
    default: push_position(c);
    }
}

// Anything, for the type checks.
static void push_any(comparison *c) {
    switch (below(c, 7)) {
    case 0: push_nil(c); return;
    case 1: push_boolean(c, below(c, 2) == 0); return;
    case 2: push_number(c); return;
    case 3: push_text(c, " 0x1p4 ", 7); return;
    case 4: push_text(c, "12", 2); return;
    case 5: push_position(c); return;
    default: push_random_text(c, 20);
    }
}

static void push_table(comparison *c) {
    static const char *const keys[] = {"a", "b", "ab", "1", "", "B", ".", "aa"};
    lua_newtable(c->stock);
    lua_newtable(c->ours);
    note(c, "{");
    for (uint32_t n = below(c, 6); n > 0; n--) {
        const char *key = keys[below(c, 8)];
        note(c, "['%s']=", key);
        switch (below(c, 4)) {
        case 0: push_integer(c, 7); break;
        case 1: push_boolean(c, below(c, 4) == 0); break;
        default: push_random_text(c, 6);
        }
        lua_setfield(c->stock, -2, key);
        lua_setfield(c->ours, -2, key);
        note(c, ",");
    }
    note(c, "}");
}

static void push_function(comparison *c, const char *name) {
    lua_getfield(c->stock, 1, name);
    lua_getfield(c->ours, 1, name);
    note(c, "string.%s", name);
}

static void push_replacement(comparison *c) {
    static const char *const functions[] = {"upper", "len", "reverse", "rep", "byte"};
    static const char *const texts[] = {"%0", "%1", "<%0>", "%%", "%2", "x", "", "%1%1", "%", "%a", "-%1-"};
    switch (below(c, 5)) {
    case 0: push_table(c); return;
    case 1: push_function(c, functions[below(c, 5)]); return;
    case 2: push_any(c); return;
    default: {
        const char *text = texts[below(c, sizeof texts / sizeof *texts)];
        push_text(c, text, strlen(text));
    }
    }
}

static void push_format(comparison *c) {
    static const char letters[] = "dixXocsqeEfFgGaA%sdsd";
    char text[64];
    size_t count = 0;
    for (uint32_t n = 1 + below(c, 3); n > 0; n--) {
        if (below(c, 3) == 0) text[count++] = 'z';
        text[count++] = '%';
        for (int flags = 0; flags < 12 && below(c, 3) == 0; flags++) text[count++] = "-+ #0"[below(c, 5)];
        if (below(c, 4) == 0) count += (size_t)snprintf(text + count, 4, "%u", below(c, 110));
        if (below(c, 4) == 0) count += (size_t)snprintf(text + count, 5, ".%u", below(c, 110));
        text[count++] = letters[below(c, sizeof letters - 1)];
    }
    push_text(c, text, count);
    for (uint32_t n = below(c, 5); n > 0; n--) {
        note(c, ", ");
        switch (below(c, 4)) {
        case 0: push_number(c); break;
        case 1: push_random_text(c, 30); break;
        case 2: push_integer(c, (lua_Integer)below(c, 300) - 20); break;
        default: push_any(c);
        }
    }
}

static void separate(comparison *c) { note(c, ", "); }

// Leaves a function and its arguments on both stacks.
static void push_call(comparison *c) {
    static const char *const simple[] = {"len", "lower", "upper", "reverse"};
    static const char *const searches[] = {"find", "match", "gmatch"};
    uint32_t kind = below(c, 20);
    if (kind < 8) {
        const char *name = searches[below(c, 3)];
        push_function(c, name);
        note(c, "(");
        push_random_text(c, 30);
        separate(c);
        push_pattern(c);
        if (below(c, 3) == 0) {
            separate(c);
            push_position(c);
            if (below(c, 3) == 0) {
                separate(c);
                push_boolean(c, below(c, 2) == 0);
            }
        }
    } else if (kind < 12) {
        push_function(c, "gsub");
        note(c, "(");
        push_random_text(c, 30);
        separate(c);
        push_pattern(c);
        separate(c);
        push_replacement(c);
        if (below(c, 4) == 0) {
            separate(c);
            push_position(c);
        }
    } else if (kind < 15) {
        push_function(c, "format");
        note(c, "(");
        push_format(c);
    } else if (kind == 15) {
        push_function(c, below(c, 2) == 0 ? "sub" : "byte");
        note(c, "(");
        push_random_text(c, 30);
        for (uint32_t n = below(c, 3); n > 0; n--) {
            separate(c);
            push_position(c);
        }
    } else if (kind == 16) {
        push_function(c, "rep");
        note(c, "(");
        push_random_text(c, 6);
        separate(c);
        push_integer(c, (lua_Integer)below(c, 12) - 2);
        if (below(c, 2) == 0) {
            separate(c);
            push_random_text(c, 3);
        }
    } else if (kind == 17) {
        push_function(c, "char");
        note(c, "(");
        for (uint32_t n = below(c, 6); n > 0; n--) {
            push_integer(c, (lua_Integer)below(c, 262) - 3);
            separate(c);
        }
    } else if (kind == 18) {
        push_function(c, simple[below(c, 4)]);
        note(c, "(");
        push_random_text(c, 40);
    } else {
        static const char *const all[] = {
            "byte", "char", "find", "gmatch", "gsub", "len", "lower", "match", "reverse", "sub", "upper",
        };
        push_function(c, all[below(c, sizeof all / sizeof *all)]);
        note(c, "(");
        for (uint32_t n = below(c, 5); n > 0; n--) {
            push_any(c);
            separate(c);
        }
    }
    note(c, ")");
}

static bool is_same(comparison *c, int index) {
    lua_State *a = c->stock, *b = c->ours;
    if (lua_type(a, index) != lua_type(b, index)) return false;
    size_t count, other;
    switch (lua_type(a, index)) {
    case LUA_TSTRING: {
        const char *text = lua_tolstring(a, index, &count), *second = lua_tolstring(b, index, &other);
        return count == other && memcmp(text, second, count) == 0;
    }
    case LUA_TNUMBER:
        if (lua_isinteger(a, index) != lua_isinteger(b, index)) return false;
        if (lua_isinteger(a, index)) return lua_tointeger(a, index) == lua_tointeger(b, index);
        return lua_tonumber(a, index) == lua_tonumber(b, index);
    case LUA_TBOOLEAN: return lua_toboolean(a, index) == lua_toboolean(b, index);
    default: return true;
    }
}

static void describe(lua_State *L, int status, char *text, size_t capacity) {
    size_t used = (size_t)snprintf(text, capacity, "%s:", status == LUA_OK ? "gives" : "fails");
    for (int i = 2; i <= lua_gettop(L) && used < capacity; i++) {
        int type = lua_type(L, i);
        bool shows = type == LUA_TSTRING || type == LUA_TNUMBER;
        used += (size_t)snprintf(text + used, capacity - used, " %s", shows ? lua_tostring(L, i) : luaL_typename(L, i));
    }
}

static bool differ(comparison *c, int stock, int ours) {
    char first[300], second[300];
    describe(c->stock, stock, first, sizeof first);
    describe(c->ours, ours, second, sizeof second);
    snprintf(c->report, c->capacity, "%s\n  stock %s\n  ours  %s", c->call, first, second);
    return false;
}

// Calls what lies above the library's table; the messages of errors may differ.
static bool compare_call(comparison *c) {
    int arguments = lua_gettop(c->stock) - 2;
    int stock = lua_pcall(c->stock, arguments, LUA_MULTRET, 0);
    int ours = lua_pcall(c->ours, arguments, LUA_MULTRET, 0);
    if (stock != ours) return differ(c, stock, ours);
    if (stock != LUA_OK) return true;
    int count = lua_gettop(c->stock);
    if (count != lua_gettop(c->ours)) return differ(c, stock, ours);
    for (int i = 2; i <= count; i++) {
        if (!is_same(c, i)) return differ(c, stock, ours);
    }
    return true;
}

static bool compare_one(comparison *c) {
    lua_settop(c->stock, 1);
    lua_settop(c->ours, 1);
    c->written = 0;
    push_call(c);
    if (!compare_call(c)) return false;
    for (int step = 0; step < 40 && lua_isfunction(c->stock, -1) && lua_gettop(c->stock) == 2; step++) {
        lua_pushvalue(c->stock, -1);
        lua_pushvalue(c->ours, -1);
        lua_insert(c->stock, 1); // kept below, where the library's table is otherwise
        lua_insert(c->ours, 1);
        lua_remove(c->stock, 2);
        lua_remove(c->ours, 2);
        bool same = compare_call(c);
        lua_getfield(c->stock, LUA_REGISTRYINDEX, "strings");
        lua_getfield(c->ours, LUA_REGISTRYINDEX, "strings");
        lua_insert(c->stock, 1);
        lua_insert(c->ours, 1);
        if (!same) return false;
        if (lua_isnoneornil(c->stock, 3)) return true;
        lua_settop(c->stock, 2);
        lua_settop(c->ours, 2);
    }
    return true;
}

static lua_State *open_stock(void) {
    lua_State *L = luaL_newstate();
    if (L == NULL) return NULL;
    luaL_requiref(L, "string", luaopen_string, 0);
    lua_pushvalue(L, -1);
    lua_setfield(L, LUA_REGISTRYINDEX, "strings");
    return L;
}

static void open_ours(lua_State *L) {
    lua_rawgetp(L, LUA_REGISTRYINDEX, &clua_environment_key);
    clua_push_real(L, -1);
    lua_getfield(L, -1, "string");
    clua_push_real(L, -1);
    lua_replace(L, 1);
    lua_settop(L, 1);
    lua_pushvalue(L, -1);
    lua_setfield(L, LUA_REGISTRYINDEX, "strings");
}

bool clua_compare_strings(uint64_t seed, uint64_t count, char *report, size_t capacity) {
    clua_limits limits = {
        .memory = 32 << 20, .block = 16 << 20, .source = 64 << 10, .output = 8 << 20, .log = 1 << 20, .host_calls = 1,
    };
    clua_flag *flag = clua_flag_new();
    clua_state *s = flag == NULL ? NULL : clua_new(&limits, flag, (clua_bytes){(const uint8_t *)"[]", 2}, NULL, NULL);
    lua_State *stock = open_stock();
    bool is_same = false;
    snprintf(report, capacity, "not enough memory");
    if (s != NULL && stock != NULL) {
        comparison c = {.stock = stock, .ours = s->L, .report = report, .capacity = capacity};
        c.random = seed * 0x9E3779B97F4A7C15 + 1;
        open_ours(s->L);
        is_same = true;
        for (uint64_t i = 0; i < count && is_same; i++) is_same = compare_one(&c);
    }
    if (stock != NULL) lua_close(stock);
    if (s != NULL) clua_free(s);
    if (flag != NULL) clua_flag_release(flag);
    return is_same;
}
