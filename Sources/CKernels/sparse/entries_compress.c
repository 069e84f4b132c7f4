// Counting and picking out the numbers of dense rows that are not zero.
#include "ck_core.h"
#include "ck_sparse.h"
#include "core/lanes.h"
#include "sparse/entries.h"

CK_CLONES
static ptrdiff_t ck_count_nonzero_block(ptrdiff_t count, const float *x) {
    int32_t total = 0;
    for (ptrdiff_t k = 0; k < count; k++) total += x[k] != 0;
    return total;
}

ptrdiff_t ck_count_nonzero_f32(ptrdiff_t count, const float *x, ptrdiff_t limit) {
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(x, count);
    enum { BLOCK = 4096 };
    ptrdiff_t total = 0;
    for (ptrdiff_t first = 0; first < count && total <= limit; first += BLOCK)
        total += ck_count_nonzero_block(count - first < BLOCK ? count - first : BLOCK, x + first);
    return total;
}

CK_CLONES
void ck_compress_rows_f32(const float *dense, ptrdiff_t height, ptrdiff_t width, int64_t *starts, int32_t *columns,
                          float *values) {
    CK_ASSERT(height, >= 0);
    CK_ASSERT(width, >= 0);
    CK_ASSERT_MEMORY(dense, height * width);
    CK_ASSERT_GIVEN(starts);
    ptrdiff_t place = 0;
    for (ptrdiff_t row = 0; row < height; row++) {
        const float *x = dense + row * width;
        starts[row] = place;
        ptrdiff_t c = 0;
        for (; c + 16 <= width; c += 16) {
            for (uint32_t rest = CK_BITS16(CK_LOAD16(x + c) != 0); rest; rest &= rest - 1, place++) {
                ptrdiff_t column = c + __builtin_ctz(rest);
                columns[place] = (int32_t)column;
                values[place] = x[column];
            }
        }
        for (; c < width; c++) {
            if (x[c] == 0) continue;
            columns[place] = (int32_t)c;
            values[place++] = x[c];
        }
    }
    starts[height] = place;
}

void ck_entries_rows_f32(const ck_entries *input, float *out) {
    ck_check_entries(input);
    CK_ASSERT_MEMORY(out, input->count * input->width);
    memset(out, 0, (size_t)(input->count * input->width) * sizeof(float));
    for (ptrdiff_t i = 0; i < input->count; i++)
        for (ptrdiff_t e = input->starts[input->rows[i]]; e < input->starts[input->rows[i] + 1]; e++)
            out[i * input->width + input->columns[e]] = input->values[e];
}
