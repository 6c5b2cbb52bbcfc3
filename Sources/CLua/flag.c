// The cancel flag: an allocation of its own, counted, so that the canceller may outlive the state.
#include "internal.h"
#include "flag.h"

#include <stdlib.h>

clua_flag *clua_flag_new(void) {
    clua_flag *flag = malloc(sizeof *flag);
    if (flag == NULL) return NULL;
    atomic_init(&flag->references, 1);
    atomic_init(&flag->set, false);
    return flag;
}

void clua_flag_retain(clua_flag *flag) { atomic_fetch_add_explicit(&flag->references, 1, memory_order_relaxed); }

void clua_flag_release(clua_flag *flag) {
    if (atomic_fetch_sub_explicit(&flag->references, 1, memory_order_acq_rel) == 1) free(flag);
}

void clua_flag_set(clua_flag *flag) { atomic_store_explicit(&flag->set, true, memory_order_relaxed); }

bool clua_flag_is_set(const clua_flag *flag) {
    return atomic_load_explicit(&((clua_flag *)flag)->set, memory_order_relaxed);
}
