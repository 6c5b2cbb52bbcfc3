// Compares the string library with the stock one, and runs the cases of the fuzzer: compare SEED COUNT, then for each
// case its target and its file.
#include "CLuaTesting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool run(const char *target, const char *path) {
    static uint8_t bytes[1 << 20];
    FILE *file = fopen(path, "rb");
    if (file == NULL) return false;
    size_t count = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    const char *broken = strcmp(target, "json") == 0 ? clua_fuzz_json(bytes, count)
        : strcmp(target, "pattern") == 0             ? clua_fuzz_pattern(bytes, count)
                                                     : clua_fuzz_manifest(bytes, count);
    if (broken != NULL) fprintf(stderr, "%s: %s\n", path, broken);
    return broken == NULL;
}

int main(int count, char **arguments) {
    static char report[4096];
    if (count < 3) return 64;
    bool is_same = clua_compare_strings(strtoull(arguments[1], NULL, 10), strtoull(arguments[2], NULL, 10), report, sizeof report);
    if (!is_same) fprintf(stderr, "%s\n", report);
    for (int i = 3; i + 1 < count; i += 2) is_same &= run(arguments[i], arguments[i + 1]);
    return is_same ? 0 : 1;
}
