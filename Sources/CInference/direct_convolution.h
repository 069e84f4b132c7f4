// Private to this target: stages by kernels of our own.
#ifndef CI_DIRECT_CONVOLUTION_H
#define CI_DIRECT_CONVOLUTION_H

#include "chain.h"

/// Whether a stage, whose layouts are known, is one for kernels of our own.
int ci_is_direct(const struct ci_chain *chain, const struct ci_stage *stage);
/// Memory for its weights; 0 without.
int ci_direct_make(struct ci_stage *stage);
/// Takes the weights over from the stage's matrix.
void ci_direct_set(struct ci_stage *stage);
/// Numbers of the memory that it works with.
ptrdiff_t ci_direct_count(const struct ci_stage *stage);
void ci_direct_run(const struct ci_stage *stage, ptrdiff_t images, const float *source, float *memory, float *out);

#endif
