// string.format: as in Lua, without %p, and with texts that show no address.
#include "string_format.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SPEC_SIZE 32
#define ITEM_SIZE 512 // %.99f of the largest number is shorter

// One conversion: "%5.2" and its letter.
typedef struct conversion {
    char spec[SPEC_SIZE];
    char letter;
    bool has_precision, is_plain;
} conversion;

static int refuse(lua_State *L, const char *from, size_t count) {
    lua_pushlstring(L, from, count > 20 ? 20 : count);
    return luaL_error(L, "invalid conversion '%s' to 'format'", lua_tostring(L, -1));
}

static const char *skip_two_digits(const char *at) {
    for (int i = 0; i < 2 && *at >= '0' && *at <= '9'; i++) at++;
    return at;
}

// Reads the conversion behind a '%'. Strings end with a zero byte, so reading stops there.
static const char *read_conversion(lua_State *L, const char *from, conversion *c) {
    const char *at = from + strspn(from, "-+#0 ");
    if (at - from > 16) refuse(L, from - 1, strnlen(from, 20) + 1);
    at = skip_two_digits(at);
    c->has_precision = *at == '.';
    if (c->has_precision) at = skip_two_digits(at + 1);
    c->letter = *at;
    if (*at == '\0' || strchr("aAcdeEfgGioqsuxX", *at) == NULL) refuse(L, from - 1, (size_t)(at - from) + 2);
    c->is_plain = at == from;
    c->spec[0] = '%';
    memcpy(c->spec + 1, from, (size_t)(at - from));
    c->spec[at - from + 1] = '\0';
    return at + 1;
}

static void check_flags(lua_State *L, const conversion *c, const char *allowed, bool precision) {
    const char *flags = c->spec + 1;
    size_t used = strspn(flags, allowed);
    bool is_valid = used == strspn(flags, "-+#0 ") && (precision || !c->has_precision);
    if (!is_valid) luaL_error(L, "invalid conversion '%s%c' to 'format'", c->spec, c->letter);
}

static void add_integer(lua_State *L, luaL_Buffer *buffer, const conversion *c, int index) {
    char spec[SPEC_SIZE + 4];
    lua_Integer value = luaL_checkinteger(L, index);
    const char *flags = c->letter == 'd' || c->letter == 'i' ? "-+0 " : c->letter == 'u' ? "-0" : "-#0";
    check_flags(L, c, flags, true);
    snprintf(spec, sizeof spec, "%sll%c", c->spec, c->letter);
    char *item = luaL_prepbuffsize(buffer, ITEM_SIZE);
    luaL_addsize(buffer, (size_t)snprintf(item, ITEM_SIZE, spec, (long long)value));
}

static void add_real(lua_State *L, luaL_Buffer *buffer, const conversion *c, int index) {
    char spec[SPEC_SIZE + 2];
    lua_Number value = luaL_checknumber(L, index);
    check_flags(L, c, "-+#0 ", true);
    snprintf(spec, sizeof spec, "%s%c", c->spec, c->letter);
    char *item = luaL_prepbuffsize(buffer, ITEM_SIZE);
    luaL_addsize(buffer, (size_t)snprintf(item, ITEM_SIZE, spec, value));
}

static void add_character(lua_State *L, luaL_Buffer *buffer, const conversion *c, int index) {
    char spec[SPEC_SIZE + 2];
    check_flags(L, c, "-", false);
    snprintf(spec, sizeof spec, "%sc", c->spec);
    int value = (int)luaL_checkinteger(L, index);
    char *item = luaL_prepbuffsize(buffer, ITEM_SIZE);
    luaL_addsize(buffer, (size_t)snprintf(item, ITEM_SIZE, spec, value));
}

// The text has taken the place of the argument at `index`, so the buffer's part of the stack is left alone.
static void add_string(lua_State *L, luaL_Buffer *buffer, const conversion *c, int index) {
    size_t count;
    const char *text = lua_tolstring(L, index, &count);
    clua_poll_size(L, count);
    if (c->is_plain) {
        luaL_addlstring(buffer, text, count);
        return;
    }
    char spec[SPEC_SIZE + 2];
    check_flags(L, c, "-", true);
    if (strlen(text) != count) luaL_argerror(L, index, "string contains zeros");
    if (!c->has_precision && count >= 100) { // wider than any width
        luaL_addlstring(buffer, text, count);
        return;
    }
    snprintf(spec, sizeof spec, "%ss", c->spec);
    char *item = luaL_prepbuffsize(buffer, ITEM_SIZE);
    luaL_addsize(buffer, (size_t)snprintf(item, ITEM_SIZE, spec, text));
}

static void add_quoted_text(luaL_Buffer *buffer, const char *text, size_t count) {
    luaL_addchar(buffer, '"');
    for (size_t i = 0; i < count; i++) {
        uint8_t c = (uint8_t)text[i];
        if (c == '"' || c == '\\' || c == '\n') {
            luaL_addchar(buffer, '\\');
            luaL_addchar(buffer, (char)c);
        } else if (c < 0x20 || c == 0x7F) {
            char escape[8];
            bool is_before_digit = i + 1 < count && text[i + 1] >= '0' && text[i + 1] <= '9';
            snprintf(escape, sizeof escape, is_before_digit ? "\\%03d" : "\\%d", c);
            luaL_addstring(buffer, escape);
        } else {
            luaL_addchar(buffer, (char)c);
        }
    }
    luaL_addchar(buffer, '"');
}

static void add_quoted_number(lua_State *L, luaL_Buffer *buffer, int index) {
    char text[64];
    lua_Number value = lua_tonumber(L, index);
    if (lua_isinteger(L, index)) {
        lua_Integer integer = lua_tointeger(L, index);
        snprintf(text, sizeof text, integer == LUA_MININTEGER ? "0x%llx" : "%lld", (long long)integer);
    } else if (isnan(value)) {
        strcpy(text, "(0/0)");
    } else if (isinf(value)) {
        strcpy(text, value > 0 ? "1e9999" : "-1e9999");
    } else {
        snprintf(text, sizeof text, "%a", value);
    }
    luaL_addstring(buffer, text);
}

static void add_quoted(lua_State *L, luaL_Buffer *buffer, const conversion *c, int index) {
    if (!c->is_plain) luaL_error(L, "specifier '%%q' cannot have modifiers");
    size_t count;
    const char *text;
    switch (lua_type(L, index)) {
    case LUA_TSTRING:
        text = lua_tolstring(L, index, &count);
        clua_poll_size(L, count);
        add_quoted_text(buffer, text, count);
        return;
    case LUA_TNUMBER: add_quoted_number(L, buffer, index); return;
    case LUA_TNIL: luaL_addstring(buffer, "nil"); return;
    case LUA_TBOOLEAN: luaL_addstring(buffer, lua_toboolean(L, index) ? "true" : "false"); return;
    default: luaL_argerror(L, index, "value has no literal form");
    }
}

static void add_conversion(lua_State *L, luaL_Buffer *buffer, const conversion *c, int index) {
    switch (c->letter) {
    case 'c': add_character(L, buffer, c, index); return;
    case 'd': case 'i': case 'u': case 'o': case 'x': case 'X': add_integer(L, buffer, c, index); return;
    case 'q': add_quoted(L, buffer, c, index); return;
    case 's': add_string(L, buffer, c, index); return;
    default: add_real(L, buffer, c, index);
    }
}

// Turns the arguments of %s into strings, before a buffer uses the stack.
static void convert_arguments(lua_State *L, const char *format, const char *end, int last) {
    int index = 1;
    while (format < end) {
        if (*format++ != '%') continue;
        if (*format == '%') {
            format++;
            continue;
        }
        conversion c;
        format = read_conversion(L, format, &c);
        if (++index > last) luaL_argerror(L, index, "no value");
        if (c.letter != 's' || lua_type(L, index) == LUA_TSTRING) continue;
        clua_tostring(L, index);
        lua_replace(L, index);
    }
}

// True if each argument is a string or a number, which can be converted where it is.
static bool is_plain_text(lua_State *L, int last) {
    for (int i = 2; i <= last; i++) {
        int type = lua_type(L, i);
        if (type != LUA_TSTRING && type != LUA_TNUMBER) return false;
    }
    return true;
}

int clua_string_format(lua_State *L) {
    size_t count;
    const char *format = luaL_checklstring(L, 1, &count), *end = format + count;
    clua_poll_size(L, count);
    int last = lua_gettop(L);
    if (!is_plain_text(L, last)) convert_arguments(L, format, end, last);
    luaL_Buffer buffer;
    luaL_buffinit(L, &buffer);
    int index = 1;
    while (format < end) {
        const char *percent = memchr(format, '%', (size_t)(end - format));
        luaL_addlstring(&buffer, format, (size_t)((percent == NULL ? end : percent) - format));
        if (percent == NULL) break;
        format = percent + 1;
        if (*format == '%') {
            luaL_addchar(&buffer, '%');
            format++;
            continue;
        }
        conversion c;
        format = read_conversion(L, format, &c);
        if (++index > last) luaL_argerror(L, index, "no value");
        add_conversion(L, &buffer, &c, index);
    }
    luaL_pushresult(&buffer);
    return 1;
}
