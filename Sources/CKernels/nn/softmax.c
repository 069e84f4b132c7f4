// Softmax, cross-entropy, sums and checks, for float and double from one template.
#include <string.h>

#include "ck_core.h"
#include "ck_nn.h"
#include "core/vmath.h"

CK_CLONES
int32_t ck_all_in_range(ptrdiff_t count, const int32_t *numbers, int32_t limit) {
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(numbers, count);
    // As unsigned numbers, negative ones are beyond every limit.
    uint32_t outside = 0;
    for (ptrdiff_t k = 0; k < count; k++) outside |= (uint32_t)numbers[k] >= (uint32_t)limit;
    return outside == 0;
}

#define CK_REAL float
#define CK_NAME(x) x##_f32
#define CK_EXP ck_exp32
#define CK_LOG ck_log32
#include "softmax_template.h"
#undef CK_REAL
#undef CK_NAME
#undef CK_EXP
#undef CK_LOG

#define CK_REAL double
#define CK_NAME(x) x##_f64
#define CK_EXP ck_exp64
#define CK_LOG ck_log64
#include "softmax_template.h"
