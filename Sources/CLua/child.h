// What the files about the child share.
#ifndef CLUA_CHILD_PRIVATE_H
#define CLUA_CHILD_PRIVATE_H

#include "CLua.h"

#define CLUA_CHILD_DESCRIPTOR 3
#define CLUA_CHILD_STACK (16 << 20)
#define CLUA_CHILD_MEMORY (512 << 20) // bytes of data: the heap of Lua, texts on their way, the stack

// Gives away everything that computing does not need; false if that cannot be done.
bool clua_child_shut_in(void);

#endif
