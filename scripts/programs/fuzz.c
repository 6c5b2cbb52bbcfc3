// One fuzzed entry of Tests/CLuaTesting as a libFuzzer program; the entry's name is TARGET.
#include "CLuaTesting.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    const char *broken = TARGET(bytes, count);
    if (broken == NULL) return 0;
    fprintf(stderr, "%s\n", broken);
    abort();
}
