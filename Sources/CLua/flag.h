#ifndef CLUA_FLAG_H
#define CLUA_FLAG_H

#include <stdatomic.h>

struct clua_flag {
    atomic_int references;
    atomic_bool set;
};

#endif
