// Which of its sets of kernels OpenBLAS runs.
#ifndef CK_OPENBLAS_H
#define CK_OPENBLAS_H

#include <stdint.h>

/// The kernels that suit a processor better than those that OpenBLAS took, or NULL where its choice is good.
///
/// A release knows the processors of its day by their numbers; on a later one it falls back to kernels of 2006
/// (Debian 12's 0.3.21 on a Xeon of family 6, model 207: 64 ms instead of 14 for a product of 1024^3). What the
/// processor can do says more than its number.
///
/// `taken`: the kernels' name, as openblas_get_corename gives it. `vector_bits`, `is_amd`: as in `ck_processor`.
const char *ck_better_openblas_core(const char *taken, int32_t vector_bits, int32_t is_amd);

/// Runs `body` while the environment has `variable` ("NAME=value", not yet in it) besides.
///
/// No variable is set: whoever looks for one meanwhile, on any thread, reads a list that is whole and that nobody changes,
/// the one before or one with an entry more, which is never freed. 1 where `body` was run; 0 without memory, or where
/// somebody else sets a variable at this moment.
int32_t ck_with_variable(const char *variable, void (*body)(void));

#endif
