#ifndef CLUA_STRING_FORMAT_H
#define CLUA_STRING_FORMAT_H

#include "internal.h"

// string.format(format, …)
int clua_string_format(lua_State *L);

#endif
