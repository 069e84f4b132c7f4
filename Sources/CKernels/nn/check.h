// What entries of this folder ask of windows.
#ifndef CK_NN_CHECK_H
#define CK_NN_CHECK_H

#include "ck_core.h"
#include "ck_nn.h"

static inline void ck_check_windows(const struct ck_windows *w) {
    CK_ASSERT_GIVEN(w);
    CK_ASSERT(w->height, >= 0);
    CK_ASSERT(w->width, >= 0);
    CK_ASSERT(w->out_height, >= 0);
    CK_ASSERT(w->out_width, >= 0);
    CK_ASSERT(w->kernel_height, > 0);
    CK_ASSERT(w->kernel_width, > 0);
    CK_ASSERT(w->stride_height, > 0);
    CK_ASSERT(w->stride_width, > 0);
    CK_ASSERT(w->padding_top, >= 0);
    CK_ASSERT(w->padding_left, >= 0);
}

#endif
