// What every convolution asks of its geometry, whichever file makes it.
#ifndef CDNN_GEOMETRY_CHECKS_H
#define CDNN_GEOMETRY_CHECKS_H

#include "ck_core.h"
#include "ck_nn.h"
#include "cdnn_convolution.h"

/// Aborts in a debug build where a geometry has an impossible size or layout.
static inline void cdnn_check_geometry(const struct cdnn_geometry *g) {
    CK_ASSERT_GIVEN(g);
    CK_ASSERT(g->channels, > 0);
    CK_ASSERT(g->height, > 0);
    CK_ASSERT(g->width, > 0);
    CK_ASSERT(g->outputs, > 0);
    CK_ASSERT(g->kernel_height, > 0);
    CK_ASSERT(g->kernel_width, > 0);
    CK_ASSERT(g->stride_height, > 0);
    CK_ASSERT(g->stride_width, > 0);
    CK_ASSERT(g->dilation_height, > 0);
    CK_ASSERT(g->dilation_width, > 0);
    CK_ASSERT(g->groups, > 0);
    CK_ASSERT(g->channels % g->groups, == 0);
    CK_ASSERT(g->outputs % g->groups, == 0);
    CK_ASSERT(g->result_height, > 0);
    CK_ASSERT(g->result_width, > 0);
    CK_ASSERT_IN(g->source_layout, CK_LAYOUT_ROWS, CK_LAYOUT_EIGHTS);
    CK_ASSERT_IN(g->result_layout, CK_LAYOUT_ROWS, CK_LAYOUT_EIGHTS);
    CK_ASSERT_IN(g->half, CDNN_SINGLE, CDNN_ROUNDED);
}

#endif
