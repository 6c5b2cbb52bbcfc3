// C code that does not come back.
#include "CLuaTesting.h"

#include <stdatomic.h>
#include <stdlib.h>

struct clua_spin {
    atomic_bool is_over;
};

clua_spin *clua_spin_new(void) { return calloc(1, sizeof(clua_spin)); }

void clua_spin_free(clua_spin *spin) { free(spin); }

void clua_spin_run(clua_spin *spin) {
    while (!atomic_load_explicit(&spin->is_over, memory_order_relaxed)) {}
}

void clua_spin_stop(clua_spin *spin) { atomic_store_explicit(&spin->is_over, true, memory_order_relaxed); }
