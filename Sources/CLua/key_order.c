// A fixed order of a table's keys: numbers ascending, strings by bytes, false, true, then all others as Lua has them.
// For pairs and next the elements 1 to n come before the other numbers.
#include "internal.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

static const size_t few_keys = 12; // are sorted by insertion
static const size_t most_kept = 1024, few_kept = 64; // keys of an order, in an entry and beyond

static int compare_numbers(const clua_key *a, const clua_key *b) {
    if (a->is_integer && b->is_integer) return a->integer < b->integer ? -1 : a->integer > b->integer;
    // A float key is never equal to an integer key; near 2^63 their doubles may be.
    return a->number < b->number ? -1 : a->number > b->number ? 1 : a->is_integer - b->is_integer;
}

static int compare(const clua_key *a, const clua_key *b) {
    if (a->kind != b->kind) return a->kind < b->kind ? -1 : 1;
    switch (a->kind) {
    case KEY_NUMBER: return compare_numbers(a, b);
    case KEY_BOOLEAN: return a->integer < b->integer ? -1 : a->integer > b->integer;
    case KEY_OTHER: return a->position < b->position ? -1 : a->position > b->position;
    case KEY_STRING: break;
    }
    if (a->prefix != b->prefix) return a->prefix < b->prefix ? -1 : 1;
    size_t shorter = a->count < b->count ? a->count : b->count;
    int order = shorter == 0 ? 0 : memcmp(a->text, b->text, shorter);
    if (order != 0) return order;
    return a->count < b->count ? -1 : a->count > b->count;
}

static clua_key describe(lua_State *L, int index) {
    clua_key key = {.kind = KEY_OTHER};
    switch (lua_type(L, index)) {
    case LUA_TNUMBER:
        key.kind = KEY_NUMBER;
        key.is_integer = lua_isinteger(L, index);
        key.integer = key.is_integer ? lua_tointeger(L, index) : 0;
        key.number = lua_tonumber(L, index);
        break;
    case LUA_TSTRING:
        key.kind = KEY_STRING;
        key.text = lua_tolstring(L, index, &key.count);
        memcpy(&key.prefix, key.text, key.count < sizeof key.prefix ? key.count : sizeof key.prefix);
        key.prefix = be64toh(key.prefix);
        break;
    case LUA_TBOOLEAN:
        key.kind = KEY_BOOLEAN;
        key.integer = lua_toboolean(L, index);
        break;
    default: break;
    }
    return key;
}

// Adds the key at an index to the state's scratch; its table must keep it alive.
void clua_keys_add(lua_State *L, int index) {
    clua_state *s = clua_of(L);
    if (s->key_count == s->key_capacity) {
        size_t capacity = s->key_capacity == 0 ? 64 : s->key_capacity * 2;
        // Outside of the heap, but bounded like it: a table that leads to itself has its keys here once per level.
        if (capacity * sizeof(clua_key) > 2 * s->limits.memory) luaL_error(L, "too many keys");
        clua_key *keys = realloc(s->keys, capacity * sizeof *keys);
        if (keys == NULL) luaL_error(L, "not enough memory");
        s->keys = keys;
        s->key_capacity = capacity;
    }
    clua_key key = describe(L, index);
    key.position = s->key_count;
    s->keys[s->key_count++] = key;
    if (s->key_count % 4096 == 0) clua_poll(L);
}

static void sift(clua_key *keys, size_t at, size_t count) {
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= count) return;
        if (child + 1 < count && compare(&keys[child], &keys[child + 1]) < 0) child += 1;
        if (compare(&keys[at], &keys[child]) >= 0) return;
        clua_key key = keys[at];
        keys[at] = keys[child];
        keys[child] = key;
        at = child;
    }
}

static void insertion_sort(clua_key *keys, size_t count) {
    for (size_t i = 1; i < count; i++) {
        if (compare(&keys[i - 1], &keys[i]) < 0) continue;
        clua_key key = keys[i];
        size_t at = i;
        for (; at > 0 && compare(&key, &keys[at - 1]) < 0; at--) keys[at] = keys[at - 1];
        keys[at] = key;
    }
}

// Heap sort: in place, never quadratic, and it can stop between two steps.
void clua_keys_sort(lua_State *L, size_t first) {
    clua_state *s = clua_of(L);
    clua_key *keys = s->keys + first;
    size_t count = s->key_count - first;
    if (count <= few_keys) {
        insertion_sort(keys, count);
        return;
    }
    bool is_sorted = true;
    for (size_t i = 1; i < count && is_sorted; i++) is_sorted = compare(&keys[i - 1], &keys[i]) < 0;
    if (is_sorted) return;
    for (size_t i = count / 2; i-- > 0;) sift(keys, i, count);
    for (size_t end = count; end-- > 1;) {
        clua_key key = keys[0];
        keys[0] = keys[end];
        keys[end] = key;
        sift(keys, 0, end);
        if (end % 1024 == 0) clua_poll(L);
    }
}

// The last order is kept, because the same tables, or tables with the same keys, are walked again and again. It is known
// by its keys as lua_next gives them; the list, in the registry, keeps them alive, so that each has its address alone.

static clua_identity identity_of(lua_State *L, int index) {
    clua_identity identity = {.type = lua_type(L, index)};
    if (lua_isinteger(L, index)) {
        identity.type = IDENTITY_INTEGER;
        identity.integer = lua_tointeger(L, index);
    } else if (identity.type == LUA_TNUMBER) {
        identity.number = lua_tonumber(L, index);
    } else if (identity.type == LUA_TBOOLEAN) {
        identity.integer = lua_toboolean(L, index);
    } else {
        identity.pointer = lua_topointer(L, index);
    }
    return identity;
}

// Whether the key at an index is a known one.
static bool is_known_key(lua_State *L, int index, const clua_identity *known) {
    // Strings, which most keys are, by one call: no two objects have one address.
    if (known->type == LUA_TSTRING) return lua_topointer(L, index) == known->pointer;
    clua_identity identity = identity_of(L, index);
    // Whole words: no number is NaN here, and the bytes of a key's number are always the same.
    return identity.type == known->type && identity.integer == known->integer;
}

// Whether the keys of the table at an index are those of the last order.
static bool is_known(lua_State *L, int index) {
    const clua_order *order = &clua_of(L)->order;
    if (order->count == 0) return false;
    size_t i = 0;
    lua_pushnil(L);
    while (lua_next(L, index)) {
        lua_pop(L, 1);
        if (i == order->count || !is_known_key(L, -1, &order->keys[i])) {
            lua_pop(L, 1);
            return false;
        }
        i += 1;
    }
    return i == order->count;
}

// Makes room for the identities of so many keys; false if they are too many to be kept.
static bool begin_order(clua_order *order, size_t count) {
    order->count = 0;
    if (count > most_kept) return false;
    if (count <= order->capacity) return true;
    clua_identity *keys = realloc(order->keys, count * sizeof *keys);
    if (keys == NULL) return false;
    order->keys = keys;
    order->capacity = count;
    return true;
}

lua_Integer clua_key_count(lua_State *L, int index) {
    luaL_checkstack(L, 3, NULL);
    lua_Integer count = 0;
    lua_pushnil(L);
    while (lua_next(L, index)) {
        lua_pop(L, 1);
        count += 1;
        if (count % 4096 == 0) clua_poll(L);
    }
    return count;
}

// Whether a sorted key is the element after so many others.
static bool is_element(const clua_key *key, size_t others) {
    return key->kind == KEY_NUMBER && key->is_integer && key->integer == (lua_Integer)others + 1;
}

// Gives sorted keys their ranks: the elements 1 to n come before the other numbers.
static void rank(clua_key *keys, size_t first, size_t count) {
    size_t elements = 0, given = 0;
    for (size_t i = 0; i < count; i++) elements += is_element(&keys[i], elements);
    for (size_t i = 0, others = elements; i < count; i++) {
        size_t rank = is_element(&keys[i], given) ? given++ : others++;
        keys[keys[i].position - first].rank = rank;
    }
}

// Pushes a list of the keys of the table at an index, in order. Nobody may change it.
void clua_push_ordered_keys(lua_State *L, int index) {
    clua_state *s = clua_of(L);
    index = lua_absindex(L, index);
    size_t first = s->key_count;
    clua_poll(L); // keys may be long, and there may be many
    luaL_checkstack(L, 6, NULL);
    if (is_known(L, index)) {
        lua_rawgetp(L, LUA_REGISTRYINDEX, &clua_order_key);
        return;
    }
    lua_pushnil(L);
    while (lua_next(L, index)) {
        lua_pop(L, 1);
        clua_keys_add(L, -1);
    }
    clua_keys_sort(L, first);
    size_t count = s->key_count - first;
    clua_key *keys = s->keys + first;
    rank(keys, first, count);
    bool is_kept = begin_order(&s->order, count);
    lua_createtable(L, (int)count, 0);
    int list = lua_gettop(L);
    lua_pushnil(L);
    for (size_t i = 0; i < count && lua_next(L, index); i++) { // in the same order as before
        lua_pop(L, 1);
        if (is_kept) s->order.keys[i] = identity_of(L, -1);
        lua_pushvalue(L, -1);
        lua_rawseti(L, list, (lua_Integer)keys[i].rank + 1);
    }
    lua_settop(L, list);
    s->key_count = first;
    if (!is_kept) return;
    lua_pushvalue(L, list);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &clua_order_key);
    s->order.count = count;
}

void clua_forget_order(clua_state *s) {
    s->order.count = 0;
    if (s->order.capacity <= few_kept) return;
    free(s->order.keys);
    s->order = (clua_order){0};
}
