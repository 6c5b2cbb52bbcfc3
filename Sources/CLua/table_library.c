// The table library: raw access, bounded work, and a stable sort whose order depends on nothing but its input.
#include "internal.h"

#include <string.h>

static const lua_Integer most_elements = 1000000;
static const lua_Integer most_sorted = 200000;
static const int most_unpacked = 8000;

// The length of the table at an index, whose elements the functions here use as they are.
static lua_Integer length_of(lua_State *L, int index) {
    luaL_checktype(L, index, LUA_TTABLE);
    if (luaL_getmetafield(L, index, "__len") != LUA_TNIL) luaL_error(L, "table functions need a table without __len");
    return (lua_Integer)lua_rawlen(L, index);
}

static void poll_each_8k(lua_State *L, lua_Integer i) {
    if ((i & 0x1FFF) == 0) clua_poll(L);
}

static int table_insert(lua_State *L) {
    lua_Integer end = length_of(L, 1) + 1, position = end;
    clua_check_writable(L, 1);
    switch (lua_gettop(L)) {
    case 2: break;
    case 3:
        position = luaL_checkinteger(L, 2);
        luaL_argcheck(L, position >= 1 && position <= end, 2, "position out of bounds");
        if (end - position > most_elements) return luaL_error(L, "too many elements to move");
        for (lua_Integer i = end; i > position; i--) {
            poll_each_8k(L, i);
            lua_rawgeti(L, 1, i - 1);
            lua_rawseti(L, 1, i);
        }
        break;
    default: return luaL_error(L, "wrong number of arguments to 'insert'");
    }
    lua_rawseti(L, 1, position);
    return 0;
}

static int table_remove(lua_State *L) {
    lua_Integer size = length_of(L, 1), position = luaL_optinteger(L, 2, size);
    clua_check_writable(L, 1);
    if (lua_gettop(L) > 1 && !(size == 0 && position == 0)) {
        luaL_argcheck(L, position >= 1 && position <= size + 1, 2, "position out of bounds");
    }
    if (size - position > most_elements) return luaL_error(L, "too many elements to move");
    lua_rawgeti(L, 1, position);
    for (; position < size; position++) {
        poll_each_8k(L, position);
        lua_rawgeti(L, 1, position + 1);
        lua_rawseti(L, 1, position);
    }
    lua_pushnil(L);
    lua_rawseti(L, 1, position);
    return 1;
}

static int table_move(lua_State *L) {
    lua_Integer first = luaL_checkinteger(L, 2), last = luaL_checkinteger(L, 3), to = luaL_checkinteger(L, 4);
    int target = lua_isnoneornil(L, 5) ? 1 : 5;
    length_of(L, 1);
    length_of(L, target);
    clua_check_writable(L, target);
    if (last >= first) {
        luaL_argcheck(L, first > 0 || last < LUA_MAXINTEGER + first, 3, "too many elements to move");
        lua_Integer count = last - first + 1;
        luaL_argcheck(L, count <= most_elements, 3, "too many elements to move");
        luaL_argcheck(L, to <= LUA_MAXINTEGER - count + 1, 4, "destination wrap around");
        bool is_forward = to > last || to <= first || (target != 1 && !lua_rawequal(L, 1, target));
        for (lua_Integer step = 0; step < count; step++) {
            lua_Integer i = is_forward ? step : count - 1 - step;
            poll_each_8k(L, step);
            lua_rawgeti(L, 1, first + i);
            lua_rawseti(L, target, to + i);
        }
    }
    lua_pushvalue(L, target);
    return 1;
}

static void add_element(lua_State *L, luaL_Buffer *buffer, int table, lua_Integer i) {
    int type = lua_rawgeti(L, table, i);
    if (type != LUA_TSTRING && type != LUA_TNUMBER) {
        luaL_error(
            L, "invalid value (%s) at index %I in table for 'concat'", luaL_typename(L, -1), (LUAI_UACINT)i);
    }
    luaL_addvalue(buffer);
}

static int table_concat(lua_State *L) {
    size_t between;
    lua_Integer last = length_of(L, 1);
    const char *separator = luaL_optlstring(L, 2, "", &between);
    lua_Integer i = luaL_optinteger(L, 3, 1);
    last = luaL_optinteger(L, 4, last);
    lua_settop(L, 4);
    clua_push_real(L, 1);
    lua_replace(L, 1);
    luaL_Buffer buffer;
    luaL_buffinit(L, &buffer);
    for (; i < last; i++) {
        poll_each_8k(L, i);
        add_element(L, &buffer, 1, i);
        luaL_addlstring(&buffer, separator, between);
    }
    if (i == last) add_element(L, &buffer, 1, i);
    luaL_pushresult(&buffer);
    return 1;
}

static int table_pack(lua_State *L) {
    int count = lua_gettop(L);
    lua_createtable(L, count, 1);
    lua_insert(L, 1);
    for (int i = count; i >= 1; i--) lua_rawseti(L, 1, i);
    lua_pushinteger(L, count);
    lua_setfield(L, 1, "n");
    return 1;
}

static int table_unpack(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_Integer first = luaL_optinteger(L, 2, 1);
    lua_Integer last = lua_isnoneornil(L, 3) ? length_of(L, 1) : luaL_checkinteger(L, 3);
    if (first > last) return 0;
    lua_Unsigned count = (lua_Unsigned)last - (lua_Unsigned)first;
    if (count >= (lua_Unsigned)most_unpacked || !lua_checkstack(L, (int)count + 1)) {
        return luaL_error(L, "too many results to unpack");
    }
    for (lua_Unsigned i = 0; i <= count; i++) lua_rawgeti(L, 1, (lua_Integer)((lua_Unsigned)first + i));
    return (int)count + 1;
}

// Sort: merges bottom-up between the table at 1 and the scratch table at 3; the function, if any, is at 2.

// The two values on top, which stay: is the upper one to stand before the lower one?
static bool is_before(lua_State *L) {
    if (lua_isnil(L, 2)) {
        if (lua_type(L, -1) != LUA_TSTRING || lua_type(L, -2) != LUA_TSTRING) return lua_compare(L, -1, -2, LUA_OPLT);
        size_t upper_count, lower_count;
        const char *upper = lua_tolstring(L, -1, &upper_count), *lower = lua_tolstring(L, -2, &lower_count);
        clua_poll_size(L, upper_count);
        int order = memcmp(upper, lower, upper_count < lower_count ? upper_count : lower_count);
        return order < 0 || (order == 0 && upper_count < lower_count);
    }
    lua_pushvalue(L, 2);
    lua_pushvalue(L, -2);
    lua_pushvalue(L, -4);
    lua_call(L, 2, 1);
    bool result = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return result;
}

// Merges from[low…middle] and from[middle + 1…high] into to[low…high].
static void merge(lua_State *L, int from, int to, lua_Integer low, lua_Integer middle, lua_Integer high) {
    lua_Integer left = low, right = middle + 1;
    for (lua_Integer i = low; i <= high; i++) {
        poll_each_8k(L, i);
        bool takes_right = left > middle;
        if (!takes_right && right <= high) {
            lua_rawgeti(L, from, left);
            lua_rawgeti(L, from, right);
            takes_right = is_before(L);
            if (!takes_right) lua_pop(L, 1);
            lua_rawseti(L, to, i);
            if (takes_right) lua_pop(L, 1);
            *(takes_right ? &right : &left) += 1;
            continue;
        }
        lua_rawgeti(L, from, takes_right ? right++ : left++);
        lua_rawseti(L, to, i);
    }
}

// Numbers of one kind need no Lua to be compared.
typedef union number {
    lua_Integer integer;
    lua_Number real;
} number;

static bool is_less(number a, number b, bool are_integers) {
    return are_integers ? a.integer < b.integer : a.real < b.real;
}

// Sorts `count` values between two halves of one block; gives the half that has them at the end.
static number *sort_numbers(lua_State *L, number *from, number *to, lua_Integer count, bool are_integers) {
    for (lua_Integer width = 1; width < count; width *= 2) {
        clua_poll(L);
        for (lua_Integer low = 0; low < count; low += 2 * width) {
            lua_Integer middle = low + width < count ? low + width : count;
            lua_Integer high = low + 2 * width < count ? low + 2 * width : count;
            lua_Integer left = low, right = middle;
            for (lua_Integer i = low; i < high; i++) {
                bool takes_right = left == middle || (right < high && is_less(from[right], from[left], are_integers));
                to[i] = from[takes_right ? right++ : left++];
            }
        }
        number *other = from;
        from = to;
        to = other;
    }
    return from;
}

// Sorts the table at 1 if it holds just integers or just floats; else false, and nothing is changed.
static bool sort_as_numbers(lua_State *L, lua_Integer count) {
    lua_rawgeti(L, 1, 1);
    bool are_integers = lua_isinteger(L, -1), are_numbers = lua_type(L, -1) == LUA_TNUMBER;
    lua_pop(L, 1);
    if (!are_numbers) return false;
    number *values = lua_newuserdatauv(L, 2 * (size_t)count * sizeof(number), 0);
    for (lua_Integer i = 0; i < count; i++) {
        poll_each_8k(L, i);
        bool is_number = lua_rawgeti(L, 1, i + 1) == LUA_TNUMBER;
        if (!is_number || (bool)lua_isinteger(L, -1) != are_integers) {
            lua_settop(L, 2);
            return false;
        }
        if (are_integers) values[i].integer = lua_tointeger(L, -1);
        else values[i].real = lua_tonumber(L, -1);
        lua_pop(L, 1);
    }
    number *sorted = sort_numbers(L, values, values + count, count, are_integers);
    for (lua_Integer i = 0; i < count; i++) {
        poll_each_8k(L, i);
        if (are_integers) lua_pushinteger(L, sorted[i].integer);
        else lua_pushnumber(L, sorted[i].real);
        lua_rawseti(L, 1, i + 1);
    }
    return true;
}

static int table_sort(lua_State *L) {
    lua_Integer count = length_of(L, 1);
    clua_check_writable(L, 1);
    luaL_argcheck(L, count <= most_sorted, 1, "array too big");
    if (!lua_isnoneornil(L, 2)) luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_settop(L, 2);
    if (count < 2 || (lua_isnil(L, 2) && sort_as_numbers(L, count))) return 0;
    lua_createtable(L, (int)count, 0);
    lua_createtable(L, (int)count, 0);
    // The comparison may change the table at 1, so the work is done between two others.
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, 1, i);
        lua_rawseti(L, 3, i);
    }
    int from = 3, to = 4;
    for (lua_Integer width = 1; width < count; width *= 2) {
        for (lua_Integer low = 1; low <= count; low += 2 * width) {
            lua_Integer middle = low + width - 1, high = low + 2 * width - 1;
            if (middle > count) middle = count;
            if (high > count) high = count;
            merge(L, from, to, low, middle, high);
        }
        int other = from;
        from = to;
        to = other;
    }
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, from, i);
        lua_rawseti(L, 1, i);
    }
    return 0;
}

// Pushes the library's table.
void clua_open_table(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"concat", table_concat}, {"insert", table_insert}, {"move", table_move},     {"pack", table_pack},
        {"remove", table_remove}, {"sort", table_sort},     {"unpack", table_unpack}, {NULL, NULL},
    };
    luaL_newlib(L, functions);
}
